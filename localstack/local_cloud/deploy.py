"""Deploys `infra/template.yaml` to the local cloud, as `sam deploy` would to AWS."""

import hashlib
import json
import re
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from .cloud import CREDENTIALS, REGION
from .tools import ROOT, stop

STACK = "idphoto"
ARTIFACTS = "artifacts"
TEMPLATE = ROOT / "infra" / "template.yaml"
CODE = re.compile(r"CodeUri: \S*/(\w+)/\s*$", re.M)


def client(name: str, endpoint: str):
    # A slow machine may take long over a big package; a repeated request would only make it longer.
    patient = Config(read_timeout=300, retries={"max_attempts": 0}, s3={"addressing_style": "path"})
    return boto3.client(name, endpoint_url=endpoint, region_name=REGION, config=patient,
                        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
                        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"])


def as_json_text(text: str) -> str:
    """To stand inside a JSON text of the template, in letters that every parameter takes."""
    return json.dumps(text)[1:-1]


def upload_code(endpoint: str, packages: dict) -> str:
    """The template with each CodeUri replaced by the uploaded package."""
    s3 = client("s3", endpoint)
    if not any(bucket["Name"] == ARTIFACTS for bucket in s3.list_buckets()["Buckets"]):
        s3.create_bucket(Bucket=ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})

    def uploaded(match) -> str:
        if match.group(1) not in packages:
            stop(f"the template names {match.group(1)}, and there is no functions/{match.group(1)}", "one of them is wrong")
        archive: Path = packages[match.group(1)]
        s3.put_object(Bucket=ARTIFACTS, Key=archive.name, Body=archive.read_bytes())
        return f"CodeUri: s3://{ARTIFACTS}/{archive.name}"

    return CODE.sub(uploaded, TEMPLATE.read_text())


def deploy(endpoint: str, packages: dict, parameters: dict) -> dict:
    """Creates or updates the stack and returns its outputs."""
    template = upload_code(endpoint, packages)
    name = f"template-{hashlib.sha256(template.encode()).hexdigest()[:16]}.yaml"
    client("s3", endpoint).put_object(Bucket=ARTIFACTS, Key=name, Body=template.encode())
    request = {
        "StackName": STACK,
        "TemplateURL": f"{endpoint}/{ARTIFACTS}/{name}",
        "Parameters": [{"ParameterKey": key, "ParameterValue": str(value)} for key, value in parameters.items()],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    stacks = client("cloudformation", endpoint)
    if outputs(stacks) is None:
        stacks.create_stack(**request)
        waiter = stacks.get_waiter("stack_create_complete")
    else:
        try:
            stacks.update_stack(**request)
        except ClientError as refused:
            if "No updates" in str(refused):
                return outputs(stacks)
            raise
        waiter = stacks.get_waiter("stack_update_complete")
    try:
        waiter.wait(StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 300})
    except Exception:
        stop(f"the stack was not deployed: {first_failure(stacks)}", "see cloud.log in the state folder")
    return outputs(stacks)


def fingerprint(packages: dict, parameters: dict) -> str:
    """The same for two deployments that would make the same stack."""
    facts = [TEMPLATE.read_text(), sorted(archive.name for archive in packages.values()), sorted(parameters.items())]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def outputs(stacks) -> dict | None:
    try:
        stack = stacks.describe_stacks(StackName=STACK)["Stacks"][0]
    except ClientError:
        return None
    return {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}


def first_failure(stacks) -> str:
    events = stacks.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    if not failed:
        return "no event says why"
    return f"{failed[-1]['LogicalResourceId']}: {failed[-1].get('ResourceStatusReason', '')}"
