"""Runs MiniStack as `python -m ministack` does, with a Step Functions that calls Amazon Bedrock's batch jobs.

Its interpreter has no `aws-sdk:bedrock:<action>`. Here four actions are added: each is a request to E2E_BEDROCK_URL, as the
AWS SDK sends it. Whatever the pinned version knows by itself it goes on doing by itself.
"""
import contextvars
import json
import os
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

from ministack.app import main
from ministack.services import stepfunctions

# By action: the method, the path, and whether the other fields of the input go into the query instead of the body.
ACTIONS = {
    "createModelInvocationJob": ("POST", "/model-invocation-job", False),
    "getModelInvocationJob": ("GET", "/model-invocation-job/{jobIdentifier}", True),
    "stopModelInvocationJob": ("POST", "/model-invocation-job/{jobIdentifier}/stop", False),
    "listModelInvocationJobs": ("GET", "/model-invocation-jobs", True),
}

role_arn = contextvars.ContextVar("role_arn", default="unknown")
http = build_opener(ProxyHandler({}))
execute_task = stepfunctions._execute_task
invoke_aws_sdk = stepfunctions._invoke_aws_sdk_integration


def execute_task_in_role(state_def, raw_input, execution, ctx):
    # A child of a Distributed Map is of `<state machine>/<label>` and acts in the role of the state machine.
    machine = stepfunctions._state_machines.get((execution or {}).get("stateMachineArn", "").split("/")[0])
    role_arn.set((machine or {}).get("roleArn", "unknown"))
    return execute_task(state_def, raw_input, execution, ctx)


def invoke_aws_sdk_or_bedrock(resource, input_data):
    service, action = resource.split(":")[-2:]
    if service != "bedrock" or action not in ACTIONS:
        return invoke_aws_sdk(resource, input_data)
    # Step Functions writes the names of fields with a capital, Bedrock without: JobArn is jobArn, S3Uri is s3Uri.
    return stepfunctions._convert_keys_to_sfn_convention(ask_bedrock(action, stepfunctions._convert_keys_to_camel(input_data or {})))


def ask_bedrock(action, fields):
    method, path, in_query = ACTIONS[action]
    if "{jobIdentifier}" in path:
        path = path.replace("{jobIdentifier}", quote(fields.pop("jobIdentifier"), safe=""))
    if in_query and fields:
        path += "?" + urlencode(fields)
    body = json.dumps(fields).encode() if fields and not in_query else None
    try:
        with http.open(Request(os.environ["E2E_BEDROCK_URL"] + path, body, headers(), method=method), timeout=60) as answer:
            return json.loads(answer.read() or b"{}")
    except HTTPError as error:
        raise refusal(error) from None
    except (OSError, HTTPException) as error:
        raise stepfunctions._ExecutionError("Bedrock.SdkClientException", f"Unable to execute HTTP request: {error}") from None


def headers():
    credential = f"{stepfunctions.get_account_id()}/20260101/{stepfunctions.get_region()}/bedrock/aws4_request"
    return {
        "content-type": "application/json",
        "authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=none",
        # The same place that has the name of a function (iam/name-caller.js). iam/recorder.ts distinguishes callers by it.
        "user-agent": f"aws-sdk-java/2 exec-env/Lambda-{role_arn.get()}",
    }


def refusal(error):
    text = error.read().decode()
    try:
        said = json.loads(text)
    except ValueError:
        said = {}
    code = error.headers.get("x-amzn-errortype") or said.get("__type") or "BedrockException"
    return stepfunctions._ExecutionError(f"Bedrock.{code}", said.get("message") or text)


stepfunctions._execute_task = execute_task_in_role
stepfunctions._invoke_aws_sdk_integration = invoke_aws_sdk_or_bedrock

if __name__ == "__main__":
    main()
