"""An app for tools/languages.js: what CASE names is wrong with it."""
import os

import aws_cdk as cdk
from aws_cdk import aws_bedrock as bedrock
from cdk_bedrock_cost import ApplicationInferenceProfile, BedrockModel, BudgetEnforcement, CostBudget, CostEstimates, OnDemandUsage

NOVA = "amazon.nova-pro-v1:0"

app = cdk.App()
stack = cdk.Stack(app, "Stack", env=cdk.Environment(region="us-east-1", account="111122223333"))
case = os.environ["CASE"]

if case == "props":
    ApplicationInferenceProfile(stack, "Chat", model=BedrockModel.of(NOVA), usage=OnDemandUsage(requests_per_month=-5, input_tokens_per_request=1))
    CostBudget(stack, "Budget", monthly_limit_usd=100).acknowledge(reason="launch", owner="team", max_monthly_usd=-5, expires="2026-12-31")
elif case == "factory":
    BedrockModel.of("")
else:
    bedrock.CfnApplicationInferenceProfile(
        stack, "Foreign", inference_profile_name="foreign",
        model_source=bedrock.CfnApplicationInferenceProfile.InferenceProfileModelSourceProperty(
            copy_from=f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"))
    ApplicationInferenceProfile(stack, "Chat", model=BedrockModel.of(NOVA), usage=OnDemandUsage(requests_per_month=1_000_000, input_tokens_per_request=1_000))
    CostEstimates.of(stack).add_on_demand("Unknown", model="amazon.nova-prop-v1:0", requests_per_month=1, input_tokens_per_request=1)
    CostBudget(stack, "Soft", monthly_limit_usd=10, enforcement=BudgetEnforcement.WARN)
    CostBudget(stack, "Budget", monthly_limit_usd=10)

app.synth()
