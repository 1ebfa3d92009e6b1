"""The CloudFormation template as it is deployed: `infra/template.yaml` with the API resources that `infra/routes.txt` describes.

The resources are written out one by one, not given as an OpenAPI body, because the local clouds deploy only these. Each path
needs a resource of its own beside its greedy `{proxy+}`, which does not match the path itself.
"""

import hashlib
import json
import re
from pathlib import Path

from .environment import ROOT, stop

TEMPLATE = ROOT / "infra" / "template.yaml"
ROUTES = ROOT / "infra" / "routes.txt"
# A folder beside `target/lambda`: the paths of the functions in the template start with `../target/lambda`.
COMPLETE = ROOT / "target" / "template.yaml"
MARKER = "  # The resources of routes.txt go here.\n"
DEPLOYMENT = "ApiDeployment"


def as_json_text(text: str) -> str:
    """`text` as the inside of a JSON string in ASCII, which every template parameter accepts."""
    return json.dumps(text)[1:-1]


def routes() -> list[tuple[str, str]]:
    """The lines of `routes.txt`: a path below `/v1` (or an absolute one) and its function."""
    lines = (line.split("#")[0].split() for line in ROUTES.read_text().splitlines())
    return [(path, function) for path, function in filter(None, lines)]


def complete() -> str:
    """The text of the complete template."""
    text = TEMPLATE.read_text()
    if text.count(MARKER) != 1:
        stop(f"{TEMPLATE.relative_to(ROOT)} must contain the line {MARKER.strip()!r} once", "put it back under Resources")
    resources, methods = path_resources(routes())
    responses = gateway_responses(text)
    # A deployment is a snapshot of the API. Only one with another name takes up changed routes.
    digest = hashlib.sha256((resources + repr(responses)).encode()).hexdigest()[:10]
    name = f"{DEPLOYMENT}{digest}"
    resources += deployment(name, [*methods, *(response for response, _ in responses)])
    return text.replace(MARKER, resources).replace(f"!Ref {DEPLOYMENT}\n", f"!Ref {name}\n")


def write() -> Path:
    """Writes the complete template and returns its path."""
    COMPLETE.parent.mkdir(parents=True, exist_ok=True)
    COMPLETE.write_text(complete())
    return COMPLETE


def path_resources(table: list[tuple[str, str]]) -> tuple[str, list[str]]:
    """The resources of all paths as text, and the names of their methods."""
    blocks, methods = [], []
    for path, function_name in table:
        path_name, function = f"{camel(path)}Path", f"{camel(function_name)}Function"
        parent = "!GetAtt Api.RootResourceId" if path.startswith("/") else "!Ref VersionPath"
        blocks += [resource(path_name, parent, path.lstrip("/")), method(f"{path_name}Any", path_name, function)]
        blocks += [resource(f"{path_name}Below", f"!Ref {path_name}", "{proxy+}"),
                   method(f"{path_name}BelowAny", f"{path_name}Below", function)]
        methods += [f"{path_name}Any", f"{path_name}BelowAny"]
    blocks += [permission(f"{camel(name)}Function") for name in dict.fromkeys(name for _, name in table)]
    return "".join(blocks), methods


def camel(path: str) -> str:
    """`sms-codes` as `SmsCodes`: logical names take letters and digits only."""
    return "".join(word.capitalize() for word in re.split(r"\W", path))


def resource(name: str, parent: str, part: str) -> str:
    return f"""\
  {name}:
    Type: AWS::ApiGateway::Resource
    Properties: {{RestApiId: !Ref Api, ParentId: {parent}, PathPart: '{part}'}}
"""


def method(name: str, resource_name: str, function: str) -> str:
    return f"""\
  {name}:
    Type: AWS::ApiGateway::Method
    Properties:
      {{RestApiId: !Ref Api, ResourceId: !Ref {resource_name}, HttpMethod: ANY, AuthorizationType: NONE, Integration:
        {{Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub '${{InvokePath}}/${{{function}.Arn}}/invocations'}}}}
""".replace("${InvokePath}", "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions")


def permission(function: str) -> str:
    return f"""\
  {function}FromApi:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref {function}
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Api}}/*
"""


def deployment(name: str, after: list[str]) -> str:
    waits = "".join(f"      - {resource_name}\n" for resource_name in after)
    return f"""\
  {name}:
    Type: AWS::ApiGateway::Deployment
    DependsOn:
{waits}    Properties: {{RestApiId: !Ref Api}}
"""


def gateway_responses(template: str) -> list[tuple[str, str]]:
    """The answers that the gateway gives without a function, as name and text: a deployment contains them, too."""
    return re.findall(r"^  (\w+):\n(    Type: AWS::ApiGateway::GatewayResponse\n(?:    .*\n)*)", template, re.M)
