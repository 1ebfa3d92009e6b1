"""What the local cloud promises, on a deployed stack: python3 -m unittest, started by `tests/run`."""

import hashlib
import json
import os
import re
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from local_cloud import inbox  # noqa: E402

STOP_SECONDS = 40
# The relay may start cold on a busy machine.
MESSAGE_SECONDS = 60


def get(url: str, method: str = "GET", body: bytes | None = None):
    """The response, whatever its status."""
    try:
        return urllib.request.urlopen(urllib.request.Request(url, data=body, method=method), timeout=60)
    except urllib.error.HTTPError as refused:
        return refused


def family(pid: int) -> set:
    """The process and all that descend from it."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        except OSError:
            continue
    found, waiting = set(), [pid]
    while waiting:
        one = waiting.pop()
        found.add(one)
        waiting += children.get(one, [])
    return found


def listening(pids: set) -> list:
    """Local addresses, in the kernel's hexadecimal, on which these processes wait for connections."""
    sockets = set()
    for pid in pids:
        for fd in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                sockets.add(os.readlink(fd))
            except OSError:
                continue
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return [line[1].split(":")[0] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in sockets]


class DeployedStack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cloud = subprocess.Popen([HERE / "test-cloud", "--deploy"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.facts = json.loads(cls.cloud.stdout.readline())

    @classmethod
    def tearDownClass(cls):
        cls.cloud.stdin.close()
        cls.cloud.wait(STOP_SECONDS)
        cls.cloud.stdout.close()

    def test_nothing_listens_outside_loopback(self):
        get(f"{self.facts['api']}/v1/photo-types")
        addresses = listening(family(self.cloud.pid))
        # The page, the cloud and at least one function's runtime interface.
        self.assertGreaterEqual(len(addresses), 3)
        self.assertEqual(set(addresses), {"0100007F"}, "127.0.0.1 and nothing else")

    def test_a_view_is_the_page_and_a_missing_file_is_not(self):
        view = get(f"{self.facts['page']}/photos/A1?tab=1")
        self.assertEqual((view.status, view.headers["Cache-Control"]), (200, "no-cache"))
        self.assertEqual(view.read(), get(f"{self.facts['page']}/").read())
        for path in ("/assets/none.js", "/../../../Cargo.toml", "/%2e%2e/%2e%2e/Cargo.toml"):
            self.assertEqual(get(self.facts["page"] + path).status, 404, path)

    def test_the_page_is_sent_with_the_headers_that_cloudfront_adds(self):
        headers = get(f"{self.facts['page']}/").headers
        template = (HERE.parent / "infra" / "template.yaml").read_text()
        for directive in headers["Content-Security-Policy"].split("; "):
            name = directive.split()[0]
            self.assertIn(name, template, "the template's policy has the same directives")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(headers["X-Frame-Options"], "DENY")
        self.assertEqual(headers["Permissions-Policy"], "camera=(self)")

    def test_page_and_api_share_an_origin(self):
        types = get(f"{self.facts['api']}/v1/photo-types")
        self.assertEqual((types.status, types.headers.get_content_type()), (200, "application/json"))

    def test_a_path_of_no_function_is_a_problem_and_not_a_riddle(self):
        answer = get(f"{self.facts['api']}/v1/nothing")
        self.assertEqual((answer.status, answer.headers.get_content_type()), (404, "application/problem+json"))
        self.assertEqual(json.loads(answer.read())["code"], "not-found")

    def test_every_route_reaches_its_function(self):
        table = (HERE.parent / "infra" / "routes.txt").read_text().splitlines()
        for name in [line.split()[0] for line in table if line and not line.startswith("#")]:
            path = name if name.startswith("/") else f"/v1/{name}"
            answer = get(self.facts["api"] + path)
            # The front door's own refusals carry this header; what a function says, it says for itself.
            self.assertIsNone(answer.headers.get("x-amzn-ErrorType"), path)
            self.assertLess(answer.status, 500, path)

    def test_ic_13_a_code_reaches_the_telephone_of_this_machine(self):
        captcha = self.post("/v1/captchas", {"purpose": "sms-code", "kind": "sum"})
        answer = str(sum(int(number) for number in re.findall(r"\d+", captcha["question"])))
        self.post("/v1/sms-codes", {"purpose": "register", "phone": "13810548469",
                                    "captcha": {"captchaId": captcha["captchaId"], "answer": answer}})
        deadline = time.monotonic() + MESSAGE_SECONDS
        while time.monotonic() < deadline:
            taken = json.loads(get(f"{self.facts['page']}/sandbox/inbox.json").read())
            if taken:
                break
            time.sleep(0.2)
        self.assertEqual([message["phone"] for message in taken], ["13810548469"])
        self.assertRegex(taken[0]["values"]["code"], r"^\d{6}$")

    def post(self, path: str, body: dict) -> dict:
        request = urllib.request.Request(self.facts["api"] + path, data=json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        return json.loads(urllib.request.urlopen(request, timeout=60).read())

    def test_nobody_puts_a_file_without_a_ticket(self):
        url = f"{self.facts['endpoint']}/{self.facts['outputs']['UploadsBucket']}/stranger.jpg"
        self.assertEqual(get(url, "PUT", b"\xff\xd8\xff").status, 403)


class Telephone(unittest.TestCase):
    """Signatures are checked as the provider of short messages checks them: with the example of its own manual."""

    SETTINGS = {"accessKeyId": "YourAccessKeyId", "accessKeySecret": "YourAccessKeySecret"}
    TARGET = "/?RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"

    def fault(self, target: str = TARGET, **changed) -> str | None:
        headers = {"host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances",
                   "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(), "x-acs-date": "2023-10-26T10:22:32Z",
                   "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d", "x-acs-version": "2014-05-26"}
        signature = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
        headers["authorization"] = (f"ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders={';'.join(sorted(headers))},"
                                    f"Signature={signature}")
        return inbox.fault("POST", target, {**headers, **changed}, b"", self.SETTINGS)

    def test_a_right_signature_of_2023_is_only_too_old(self):
        self.assertEqual(self.fault(), "InvalidTimeStamp.Expired")

    def test_anything_changed_is_refused(self):
        self.assertEqual(self.fault(self.TARGET + "x"), "SignatureDoesNotMatch")
        self.assertEqual(self.fault(**{"x-acs-date": "2023-10-26T10:22:33Z"}), "SignatureDoesNotMatch")
        self.assertEqual(self.fault(**{"x-acs-content-sha256": "0"}), "IncompleteSignature")
        self.assertEqual(self.fault(authorization=""), "InvalidAccessKeyId.NotFound")


class End(unittest.TestCase):
    def test_a_cloud_ends_even_when_its_owner_is_killed(self):
        cloud = subprocess.Popen([HERE / "test-cloud"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        facts = json.loads(cloud.stdout.readline())
        members = family(cloud.pid)
        self.assertGreaterEqual(len(members), 2)
        cloud.kill()
        cloud.wait()
        cloud.stdin.close()
        cloud.stdout.close()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and any(Path(f"/proc/{pid}/cmdline").exists() for pid in members):
            time.sleep(0.1)
        with self.assertRaises(OSError):
            urllib.request.urlopen(f"{facts['endpoint']}/_ministack/health", timeout=2)


if __name__ == "__main__":
    unittest.main()
