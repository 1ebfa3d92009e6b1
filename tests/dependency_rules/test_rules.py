"""The rules find what they are for: small examples with and without a violation."""

import tempfile
import unittest
from pathlib import Path

from . import packages, rust_modules, typescript


class Example(unittest.TestCase):
    def files(self, **texts) -> Path:
        """A folder with these files; `a__b` is the file `a/b`, each name gets the suffix that the test sets."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name, text in texts.items():
            file = folder / f"{name.replace('__', '/')}{self.suffix}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return folder


class RustModules(Example):
    suffix = ".rs"

    def cycles(self, **texts) -> list:
        return [found.splitlines()[0] for found in rust_modules.crate_cycles(self.files(**texts) / "lib.rs")]

    def test_modules_that_import_each_other_are_a_cycle(self):
        found = self.cycles(lib="mod a;\nmod b;", a="use crate::b::B;\npub struct A;", b="fn f() -> super::a::A { todo!() }\npub struct B;")
        self.assertEqual(found, ["crate: a -> b -> a"])

    def test_a_cycle_over_three_modules_and_over_files_of_a_folder_is_found(self):
        found = self.cycles(lib="mod a;\nmod b;\nmod c;", a="mod inner;", a__inner="use crate::b::{self, f};", b="use crate::c;", c="use crate::a;")
        self.assertEqual(found, ["crate: a -> b -> c -> a"])

    def test_a_cycle_between_files_of_one_folder_is_found(self):
        found = self.cycles(lib="mod a;", a__mod="mod x;\nmod y;", a__x="use super::y;", a__y="use crate::a::x::f;")
        self.assertEqual(found, ["crate::a: x -> y -> x"])

    def test_a_re_export_leads_to_the_module_that_defines_the_item(self):
        found = self.cycles(lib="mod a;\nmod b;\npub use a::A;", a="use crate::b;\npub struct A;", b="use crate::A;")
        self.assertEqual(found, ["crate: a -> b -> a"])

    def test_a_glob_import_uses_the_siblings_that_are_named(self):
        texts = {"lib": "mod a;\nmod b;\npub use b::*;", "a": "pub fn f(_: crate::B) {}", "b": "use super::*;\npub struct B;\nfn g() { a::f(B) }"}
        self.assertEqual(self.cycles(**texts), ["crate: a -> b -> a"])

    def test_parent_and_child_comments_texts_and_tests_are_no_cycle(self):
        found = self.cycles(
            lib="mod a;\nmod b;\npub struct Shared;\nfn f() { a::g(Shared) }",
            a="use crate::Shared;\nuse crate::b::B;\n#[cfg(test)]\nmod tests { use super::*; }",
            b="// use crate::a::A;\nfn f() { \"crate: a\"; 'x' }\n#[cfg(test)]\nmod tests { use crate::a; }",
        )
        self.assertEqual(found, [])


class TypeScript(Example):
    suffix = ".ts"

    def test_files_that_import_each_other_are_a_cycle_also_by_type(self):
        folder = self.files(a="import { b } from './b'", b="import type { A } from './pages/a'", pages__a="export * from '../a'")
        self.assertEqual([found.split(": ")[1] for found in typescript.import_cycles(folder)], ["a.ts -> b.ts -> pages/a.ts -> a.ts"])

    def test_a_dynamic_import_is_no_dependency(self):
        folder = self.files(a="const b = () => import('./b')", b="import { a } from './a'")
        self.assertEqual(typescript.import_cycles(folder), [])


class Packages(unittest.TestCase):
    def test_an_expression_needs_one_side_of_or_and_both_sides_of_and(self):
        licences = {"MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"}
        for expression, allowed in {
            "MIT": True, "GPL-3.0": False, "MIT OR GPL-3.0": True, "MIT/GPL-3.0": True, "MIT AND GPL-3.0": False,
            "(MIT OR GPL-3.0) AND Apache-2.0": True, "GPL-3.0 OR MIT AND Apache-2.0": True, "none": False,
            "Apache-2.0 WITH LLVM-exception": True, "MIT WITH LLVM-exception": False,
        }.items():
            self.assertEqual(packages.is_allowed(expression, licences), allowed, expression)

    def test_licence_source_ban_and_direction_are_each_reported(self):
        metadata = {"packages": [_package("domain", None), _package("tokio", packages.REGISTRY), _package("odd", "git+x", "GPL-3.0")],
                    "resolve": {"nodes": [_node("domain", "tokio"), _node("tokio", "odd"), _node("odd")]}, "workspace_members": ["domain"]}
        rules = {"licenses": {"allow": ["MIT"]}, "bans": {"deny": [{"crate": "odd", "wrappers": ["other"]}]}}
        self.assertEqual(packages.violations(metadata, rules), [
            "odd 1.0.0: licence GPL-3.0", "odd 1.0.0: source git+x", "tokio uses odd, which is banned", "domain links tokio"])
        rules["bans"]["deny"][0]["wrappers"] = ["tokio"]
        self.assertNotIn("tokio uses odd, which is banned", packages.violations(metadata, rules))


def _package(name: str, source, licence: str = "MIT") -> dict:
    return {"id": name, "name": name, "version": "1.0.0", "license": licence, "source": source, "manifest_path": f"/shared/{name}/Cargo.toml"}


def _node(name: str, *dependencies: str) -> dict:
    return {"id": name, "deps": [{"pkg": dependency, "dep_kinds": [{"kind": None}]} for dependency in dependencies]}
