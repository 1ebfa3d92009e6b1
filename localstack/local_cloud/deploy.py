"""Deploys the complete template to the local cloud, as `sam deploy` deploys it to AWS."""

import hashlib
import re
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from build_support import aws, template
from build_support.environment import stop

STACK = "idphoto"
ARTIFACTS = "artifacts"
CODE = re.compile(r"^( *)CodeUri: \S*/(\w+)/\s*$", re.M)


def client(name: str, endpoint: str):
    # On a slow machine a big package takes long to upload. A repeated request would only make that longer.
    config = Config(read_timeout=300, retries={"max_attempts": 0}, s3={"addressing_style": "path"})
    return boto3.client(name, endpoint_url=endpoint, region_name=aws.LOCAL_REGION, config=config,
                        aws_access_key_id=aws.LOCAL_CREDENTIALS["AWS_ACCESS_KEY_ID"],
                        aws_secret_access_key=aws.LOCAL_CREDENTIALS["AWS_SECRET_ACCESS_KEY"])


def upload_code(endpoint: str, packages: dict[str, Path]) -> str:
    """The template with the uploaded package as each function's CodeUri, and the function's name as its handler.

    The handler tells the program of all functions which one it is (`localstack/all_functions`).
    """
    s3 = client("s3", endpoint)
    if not any(bucket["Name"] == ARTIFACTS for bucket in s3.list_buckets()["Buckets"]):
        s3.create_bucket(Bucket=ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": aws.LOCAL_REGION})

    for archive in set(packages.values()):
        s3.put_object(Bucket=ARTIFACTS, Key=archive.name, Body=archive.read_bytes())

    def uploaded(match: re.Match) -> str:
        indent, function = match.groups()
        if function not in packages:
            stop(f"the template names {function}, and there is no functions/{function}", "correct one of them")
        return f"{indent}CodeUri: s3://{ARTIFACTS}/{packages[function].name}\n{indent}Handler: {function}"

    return CODE.sub(uploaded, template.complete())


def deploy(endpoint: str, packages: dict, parameters: dict) -> dict:
    """Creates or updates the stack and returns its outputs."""
    text = upload_code(endpoint, packages)
    name = f"template-{hashlib.sha256(text.encode()).hexdigest()[:16]}.yaml"
    client("s3", endpoint).put_object(Bucket=ARTIFACTS, Key=name, Body=text.encode())
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
    """Equal for two deployments that make the same stack."""
    facts = [template.complete(), sorted(archive.name for archive in packages.values()), sorted(parameters.items())]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def outputs(stacks) -> dict | None:
    """The stack's outputs by name; None if there is no stack."""
    try:
        stack = stacks.describe_stacks(StackName=STACK)["Stacks"][0]
    except ClientError:
        return None
    return {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}


def first_failure(stacks) -> str:
    events = stacks.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    if not failed:
        return "no event gives a reason"
    return f"{failed[-1]['LogicalResourceId']}: {failed[-1].get('ResourceStatusReason', '')}"
