# SPDX-License-Identifier: GPL-2.0-only
#
# What SARIF 2.1.0's schema requires, and what readers of it need beyond that: prints
# each rule that a log breaks.  An interleaving is a thread flow for each pCPU, whose
# locations have an order that is one over all of them and rises in each.

def need(ok; text): if ok then empty else text end;
def message: type == "object" and (.text | type == "string" and length > 0);
def physical: (.artifactLocation.uri | type == "string" and length > 0 and
	       (startswith("/") | not)) and
	      (.artifactLocation.uriBaseId == "SRCROOT") and
	      (.region.startLine | type == "number" and . >= 1);

need(.version == "2.1.0"; "version is not 2.1.0"),
need(."$schema" | test("sarif-2.1.0"); "$schema"),
need(.runs | type == "array" and length == 1; "not one run"),
(.runs[0] as $run |
 need($run.tool.driver.name == "kicksim"; "tool.driver.name"),
 need($run.tool.driver.semanticVersion | test("^[0-9]+\\.[0-9]+\\.[0-9]+"); "semanticVersion"),
 need($run.automationDetails.id | test("^kicksim/.+/$"); "automationDetails.id"),
 need($run.invocations[0].executionSuccessful | type == "boolean"; "executionSuccessful"),
 need($run.originalUriBaseIds.SRCROOT; "SRCROOT is not declared"),
 need([$run.tool.driver.rules[].id] | length == (unique | length); "two rules with one id"),
 ($run.tool.driver.rules[] |
  need(.id | test("^[a-z0-9-]+$"); "rule id \(.id)"),
  need((.shortDescription | message) and (.fullDescription | message) and (.help | message);
       "rule \(.id) says nothing"),
  need(.defaultConfiguration.level | IN("note", "warning", "error"); "level of rule \(.id)")),
 need($run.results | type == "array"; "results"),
 need([$run.results[].partialFingerprints."kicksimSignature/v1"] |
      length == (unique | length); "one finding twice"),
 ($run.results[] | . as $r |
  need($run.tool.driver.rules[$r.ruleIndex].id == $r.ruleId; "ruleIndex of \($r.ruleId)"),
  need($r.message | message and (.text | test("replay: ")); "message of \($r.ruleId)"),
  need($r.level | IN("none", "note", "warning", "error"); "level of \($r.ruleId)"),
  # "level" other than none goes with kind "fail" only (3.27.10)
  need($r.kind == "fail" or $r.level == "none"; "kind \($r.kind) with level \($r.level)"),
  need($r.baselineState | IN("new", "unchanged", "updated", "absent"); "baselineState"),
  need($r.locations | length == 1 and (.[0].physicalLocation | physical);
       "location of \($r.ruleId)"),
  need($r.baselineState != "new" or ($r.codeFlows | length == 1); "no code flow"),
  ($r.codeFlows[]? |
   need(.threadFlows | length >= 2; "an interleaving of one thread"),
   need([.threadFlows[].id] | all(test("^pCPU[0-9]+$")) and length == (unique | length);
	"ids of thread flows"),
   need([.threadFlows[].locations[].executionOrder] |
	length == (unique | length) and (min == 1) and (max == length);
	"executionOrder is not one order over all threads"),
   (.threadFlows[] |
    need(.locations | length > 0; "an empty thread flow"),
    need([.locations[].executionOrder] | . == sort; "executionOrder falls in \(.id)"),
    need(all(.locations[].location; .message | message); "a step says nothing"),
    need(all(.locations[].location | select(.physicalLocation); .physicalLocation | physical);
	 "a step's place")))))
