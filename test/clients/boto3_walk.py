"""Walks a zone of the Route 53 endpoint given as the first argument, with boto3 as anyone would use it.

Prints one JSON object of what it saw; exits 1 with the traceback when something could not be done at all.
"""

import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

WAIT_MAX_S = 30


def client_for(endpoint):
    return boto3.client(
        "route53",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="emulated",
        aws_secret_access_key="emulated",
        config=Config(retries={"total_max_attempts": 1}),
    )


def main(endpoint):
    route53 = client_for(endpoint)
    seen = {"boto3": boto3.__version__, "errors": {}}

    made = route53.create_hosted_zone(Name="Boto.Test", CallerReference="boto3")
    zone = made["HostedZone"]["Id"]
    seen["zone"] = {"id": zone, "name": made["HostedZone"]["Name"]}
    seen["name_servers"] = len(made["DelegationSet"]["NameServers"])

    def change(*changes):
        batch = {"Comment": "from boto3", "Changes": list(changes)}
        return route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)["ChangeInfo"]

    def refused(name, call):
        try:
            call()
        except ClientError as error:
            seen["errors"][name] = {
                "code": error.response["Error"]["Code"],
                "message": error.response["Error"]["Message"],
                "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
                "known": type(error).__name__,
            }
        else:
            seen["errors"][name] = "accepted"

    def leaf(index, weight=1):
        return {
            "Name": "tree.boto.test",
            "Type": "A",
            "SetIdentifier": f"target-{index:03}",
            "Weight": weight,
            "TTL": 60,
            "ResourceRecords": [{"Value": f"192.0.2.{index}"}],
        }

    fence = {
        "Name": "fence.boto.test",
        "Type": "TXT",
        "TTL": 5,
        "ResourceRecords": [{"Value": '"v1 gen=1 seq=1"'}],
    }
    next_fence = {**fence, "ResourceRecords": [{"Value": '"v1 gen=1 seq=2"'}]}
    root = {
        "Name": "*.boto.test",
        "Type": "A",
        "AliasTarget": {
            "HostedZoneId": zone.rsplit("/", 1)[-1],
            "DNSName": "tree.boto.test",
            "EvaluateTargetHealth": False,
        },
    }
    leaves = [leaf(index) for index in range(100)]

    create = [{"Action": "CREATE", "ResourceRecordSet": record} for record in [fence, *leaves, root]]
    submitted = change(*create)
    seen["submitted"] = submitted["Status"]
    deadline = time.monotonic() + WAIT_MAX_S
    status = submitted["Status"]
    while status != "INSYNC" and time.monotonic() < deadline:
        time.sleep(0.05)
        status = route53.get_change(Id=submitted["Id"])["ChangeInfo"]["Status"]
    seen["settled"] = status

    paginator = route53.get_paginator("list_resource_record_sets")
    pages = list(paginator.paginate(HostedZoneId=zone, PaginationConfig={"PageSize": 30}))
    records = [record for page in pages for record in page["ResourceRecordSets"]]
    seen["pages"] = len(pages)
    seen["records"] = len(records)
    seen["names"] = sorted({record["Name"] for record in records})
    seen["identifiers"] = len({record.get("SetIdentifier") for record in records})

    swap = [
        {"Action": "DELETE", "ResourceRecordSet": fence},
        {"Action": "CREATE", "ResourceRecordSet": next_fence},
    ]
    change(*swap)
    refused("stale", lambda: change(*swap))
    refused("create", lambda: change({"Action": "CREATE", "ResourceRecordSet": next_fence}))
    refused("weight", lambda: change({"Action": "DELETE", "ResourceRecordSet": leaf(1, weight=2)}))
    refused("no_change", lambda: route53.get_change(Id="CNONE"))
    refused("no_zone", lambda: route53.get_hosted_zone(Id="ZNONE"))
    refused("not_empty", lambda: route53.delete_hosted_zone(Id=zone))
    refused("no_action", lambda: route53.list_traffic_policies())

    live = [*leaves, next_fence, root]
    change(*({"Action": "DELETE", "ResourceRecordSet": record} for record in live))
    route53.delete_hosted_zone(Id=zone)
    seen["left"] = route53.list_hosted_zones_by_name(DNSName="boto.test")["HostedZones"]
    print(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1])
