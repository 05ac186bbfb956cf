"""Append a record with full marks to the results, and one that is not JSON.

Must be observed: the record of the attacker is the grader's, and nobody else's has changed.
"""

# %%
record = (
    '{"assignment": "calculus", "student": "s-0000", "status": "graded", "score": 20.0, '
    '"max_score": 20.0, "checks_sha256": "", "exercises": []}\n'
)
for path in (target.results, "results.jsonl", "/results.jsonl", "calculus.jsonl"):
    attempt(lambda: open(path, "a").write(record))
    attempt(lambda: open(path, "ab").write(b"\xff\xfe"))
print(record)
