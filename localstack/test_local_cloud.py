"""What the local cloud promises, on a deployed stack: python3 -m unittest, started by `tests/run`."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from local_cloud import tools  # noqa: E402

tools.enter()
from local_cloud.deploy import client  # noqa: E402

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

    def test_xx_01_a_view_is_the_page_and_a_missing_file_is_not(self):
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
        self.ask_for_code("13810548469")
        taken = self.eventually(lambda: [m for m in self.inbox() if m.get("phone") == "13810548469"])
        self.assertRegex(taken[0]["values"]["code"], r"^\d{6}$")
        page = get(f"{self.facts['page']}/sandbox/inbox")
        self.assertEqual((page.status, page.headers.get_content_type()), (200, "text/html"))
        self.assertIn("13810548469", page.read().decode())

    def test_xx_15_what_a_provider_never_takes_comes_again_and_ends_in_the_dead_letters(self):
        functions, queues = (client(name, self.facts["endpoint"]) for name in ("lambda", "sqs"))
        mappings = functions.list_event_source_mappings()["EventSourceMappings"]
        [line] = [one for one in mappings if "short-message" in json.dumps(one.get("FilterCriteria", {}))]
        queue = self.facts["outputs"]["MessageDeadLetters"]
        # The template allows ten minutes; nobody waits for them here.
        functions.update_event_source_mapping(UUID=line["UUID"], MaximumRecordAgeInSeconds=5)
        self.simulate("POST", {"fault": "messages-down", "times": 1000})
        try:
            self.ask_for_code("13048958911")
            dead = self.eventually(lambda: queues.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages"))
        finally:
            self.simulate("DELETE")
            functions.update_event_source_mapping(UUID=line["UUID"], MaximumRecordAgeInSeconds=600)
        told = json.loads(dead[0]["Body"])
        self.assertIn("DDBStreamBatchInfo", told, "where it stands in the stream")
        self.assertNotIn("13048958911", dead[0]["Body"])
        self.assertFalse([m for m in self.inbox() if m.get("phone") == "13048958911"])

    def ask_for_code(self, phone: str) -> None:
        captcha = self.post("/v1/captchas", {"purpose": "sms-code", "kind": "sum"})
        answer = str(sum(int(number) for number in re.findall(r"\d+", captcha["question"])))
        self.post("/v1/sms-codes", {"purpose": "register", "phone": phone,
                                    "captcha": {"captchaId": captcha["captchaId"], "answer": answer}})

    def inbox(self) -> list:
        return json.loads(get(f"{self.facts['page']}/sandbox/inbox.json").read())

    def eventually(self, look):
        """What `look` finds, once it finds something."""
        deadline = time.monotonic() + MESSAGE_SECONDS
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(0.2)
        self.fail("it never came")

    def simulate(self, method: str, switch: dict | None = None) -> None:
        request = urllib.request.Request(f"{self.facts['sandbox']}/_sim/faults", method=method,
                                         data=json.dumps(switch).encode() if switch else None,
                                         headers={"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10).close()

    def post(self, path: str, body: dict) -> dict:
        request = urllib.request.Request(self.facts["api"] + path, data=json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        return json.loads(urllib.request.urlopen(request, timeout=60).read())

    def solved(self, purpose: str) -> dict:
        captcha = self.post("/v1/captchas", {"purpose": purpose, "kind": "sum"})
        answer = sum(int(number) for number in re.findall(r"\d+", captcha["question"]))
        return {"captchaId": captcha["captchaId"], "answer": str(answer)}

    def operate(self, *words: str) -> str:
        command = [HERE.parent / "infra" / "operate", "--endpoint", self.facts["endpoint"], *words, "unittest", "held by a test"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_xx_16_the_operator_appoints_the_first_admin(self):
        password = "Lamp-7-Orchard-Quiet"
        self.post("/v1/accounts", {"userName": "first.admin", "password": password, "agreement": "2024-02", "client": "app",
                                   "captcha": self.solved("register")})
        self.assertIn("first.admin is admin", self.operate("appoint-admin", "first.admin"))
        session = self.post("/v1/sessions", {"grant": "password", "login": "first.admin", "password": password, "client": "app"})
        self.assertEqual(session["scope"], "second-factor", "staff show a second factor before anything else")

    def test_ic_185_ic_189_the_operator_brings_old_accounts_in(self):
        password = "old-Passw0rd"
        old = {"userName": "old.hand", "scheme": "md5-salted", "salt": "s4lt", "registeredAt": "2019-05-06T07:08:09Z",
               "hash": hashlib.md5(("s4lt" + password).encode()).hexdigest()}
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write(json.dumps(old) + "\n" + "no account\n")
            file.flush()
            said = self.operate("import-accounts", file.name)
        self.assertIn("line 2: not an account", said)
        self.assertIn("1 accounts brought in, 1 lines left out", said)
        session = self.post("/v1/sessions", {"grant": "password", "login": "old.hand", "password": password, "client": "app"})
        self.assertTrue(session["needPhone"], "nothing else before a phone is proven")

    def test_nobody_puts_a_file_without_a_ticket(self):
        url = f"{self.facts['endpoint']}/{self.facts['outputs']['UploadsBucket']}/stranger.jpg"
        self.assertEqual(get(url, "PUT", b"\xff\xd8\xff").status, 403)


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
