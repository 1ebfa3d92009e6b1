"""Tests of the local cloud on a deployed stack: python3 -m unittest, started by `tests/run`."""

import hashlib
import json
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
from local_cloud import preparation

preparation.enter()
from local_cloud.deploy import client

STOP_SECONDS = 40
# Longer than a cold start of the relay on a busy machine.
MESSAGE_SECONDS = 60


def get(url: str, method: str = "GET", body: bytes | None = None):
    """The response, also when its status is an error."""
    try:
        return urllib.request.urlopen(urllib.request.Request(url, data=body, method=method), timeout=60)
    except urllib.error.HTTPError as refused:
        return refused


def process_tree(pid: int) -> set:
    """The ids of the process and of all its descendants."""
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
    """The local addresses on which these processes listen, in the hexadecimal form of /proc/net/tcp."""
    sockets = set()
    for pid in pids:
        for fd in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                sockets.add(str(fd.readlink()))
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

    def test_the_processes_of_a_stack_listen_on_loopback_only(self):
        get(f"{self.facts['api']}/v1/photo-types")
        addresses = listening(process_tree(self.cloud.pid))
        # The front server, MiniStack and the runtime interface of at least one function.
        self.assertGreaterEqual(len(addresses), 3)
        self.assertEqual(set(addresses), {"0100007F"}, "127.0.0.1 only")

    # Covers: XX-01
    def test_a_path_of_a_view_answers_with_the_page_and_a_missing_file_with_404(self):
        view = get(f"{self.facts['page']}/photos/A1?tab=1")
        self.assertEqual((view.status, view.headers["Cache-Control"]), (200, "no-cache"))
        self.assertEqual(view.read(), get(f"{self.facts['page']}/").read())
        for path in ("/assets/none.js", "/../../../Cargo.toml", "/%2e%2e/%2e%2e/Cargo.toml"):
            self.assertEqual(get(self.facts["page"] + path).status, 404, path)

    def test_the_page_has_the_headers_that_cloudfront_adds(self):
        headers = get(f"{self.facts['page']}/").headers
        policy = headers["Content-Security-Policy"]
        self.assertIn("default-src 'self'", policy)
        self.assertIn(f"connect-src 'self' {self.facts['endpoint']}", policy, "the buckets of this machine")
        self.assertNotIn("$", policy, "nothing of the template is left unreplaced")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(headers["X-Frame-Options"], "DENY")
        self.assertEqual(headers["Permissions-Policy"], "camera=(self)")

    def test_the_api_answers_on_the_origin_of_the_page(self):
        types = get(f"{self.facts['api']}/v1/photo-types")
        self.assertEqual((types.status, types.headers.get_content_type()), (200, "application/json"))

    def test_a_path_without_a_function_answers_with_a_problem_document(self):
        answer = get(f"{self.facts['api']}/v1/nothing")
        self.assertEqual((answer.status, answer.headers.get_content_type()), (404, "application/problem+json"))
        self.assertEqual(json.loads(answer.read())["code"], "not-found")

    def test_every_route_reaches_its_function(self):
        table = (HERE.parent / "infra" / "routes.txt").read_text().splitlines()
        for name in [line.split()[0] for line in table if line and not line.startswith("#")]:
            path = name if name.startswith("/") else f"/v1/{name}"
            answer = get(self.facts["api"] + path)
            # The gateway's own error responses carry this header; those of a function do not.
            self.assertIsNone(answer.headers.get("x-amzn-ErrorType"), path)
            self.assertLess(answer.status, 500, path)

    # Covers: IC-13
    def test_an_sms_code_appears_in_the_inbox_of_this_machine(self):
        self.ask_for_code("13810548469")
        taken = self.eventually(lambda: [m for m in self.inbox() if m.get("phone") == "13810548469"])
        self.assertRegex(taken[0]["values"]["code"], r"^\d{6}$")
        page = get(f"{self.facts['page']}/sandbox/inbox")
        self.assertEqual((page.status, page.headers.get_content_type()), (200, "text/html"))
        self.assertIn("13810548469", page.read().decode())

    # Covers: XX-15
    def test_a_message_that_the_provider_never_accepts_is_retried_and_ends_in_the_dead_letter_queue(self):
        functions, queues = (client(name, self.facts["endpoint"]) for name in ("lambda", "sqs"))
        mappings = functions.list_event_source_mappings()["EventSourceMappings"]
        [mapping] = [one for one in mappings if "sms" in json.dumps(one.get("FilterCriteria", {}))]
        queue = self.facts["outputs"]["MessageDeadLetters"]
        # The template allows ten minutes, which is too long for a test.
        functions.update_event_source_mapping(UUID=mapping["UUID"], MaximumRecordAgeInSeconds=5)
        self.simulate("POST", {"fault": "messages-down", "times": 1000})
        try:
            self.ask_for_code("13048958911")
            dead = self.eventually(lambda: queues.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages"))
        finally:
            self.simulate("DELETE")
            functions.update_event_source_mapping(UUID=mapping["UUID"], MaximumRecordAgeInSeconds=600)
        record = json.loads(dead[0]["Body"])
        self.assertIn("DDBStreamBatchInfo", record, "its position in the stream")
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
        """The first result of `look` that is not empty."""
        deadline = time.monotonic() + MESSAGE_SECONDS
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(0.2)
        self.fail(f"nothing after {MESSAGE_SECONDS} s")

    def simulate(self, method: str, switch: dict | None = None) -> None:
        request = urllib.request.Request(f"{self.facts['sandbox']}/control/faults", method=method,
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
        command = [HERE.parent / "infra" / "operate", "--endpoint", self.facts["endpoint"], *words, "unittest", "a test"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    # Covers: XX-16
    def test_the_operator_appoints_the_first_admin(self):
        password = "Lamp-7-Orchard-Quiet"
        self.post("/v1/accounts", {"userName": "first.admin", "password": password, "agreement": "2024-02", "client": "app",
                                   "captcha": self.solved("register")})
        self.assertIn("first.admin is an admin", self.operate("appoint-admin", "first.admin"))
        session = self.post("/v1/sessions", {"grant": "password", "login": "first.admin", "password": password, "client": "app"})
        self.assertEqual(session["scope"], "second-factor", "staff must enter a second factor first")

    # Covers: IC-185, IC-189
    def test_the_operator_imports_accounts_of_an_old_system(self):
        password = "old-Passw0rd"
        old = {"userName": "old.hand", "scheme": "md5-salted", "salt": "s4lt", "registeredAt": "2019-05-06T07:08:09Z",
               "hash": hashlib.md5(("s4lt" + password).encode()).hexdigest()}
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write(json.dumps(old) + "\n" + "no account\n")
            file.flush()
            output = self.operate("import-accounts", file.name)
        self.assertIn("line 2: not an account", output)
        self.assertIn("1 accounts imported, 1 lines skipped", output)
        session = self.post("/v1/sessions", {"grant": "password", "login": "old.hand", "password": password, "client": "app"})
        self.assertTrue(session["needPhone"], "the first step is to verify a phone number")

    def test_an_upload_without_a_ticket_is_refused(self):
        url = f"{self.facts['endpoint']}/{self.facts['outputs']['UploadsBucket']}/stranger.jpg"
        self.assertEqual(get(url, "PUT", b"\xff\xd8\xff").status, 403)


class EndOfOwner(unittest.TestCase):
    def test_a_cloud_ends_when_its_owner_is_killed(self):
        cloud = subprocess.Popen([HERE / "test-cloud"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        facts = json.loads(cloud.stdout.readline())
        members = process_tree(cloud.pid)
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
