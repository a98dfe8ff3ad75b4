"""The comparison with peers as one table: a row of each program, with its rates and the disk that it takes."""

import statistics

from . import beside_peers, peers, report
from .bench import Result

HEADINGS = ["measured", "updates/s", "spread", "of InfluxDB", "spread", "of VictoriaMetrics", "spread", "p50", "p99",
            "CPU s/million", "merges a turn", "bytes/update, flushed", "compacted", "must hold"]  # fmt: skip
PEERS = [peers.InfluxDB.name, peers.VictoriaMetrics.name]


def files(facts: dict[str, str], results: list[Result], comparison: beside_peers.Comparison) -> dict[str, str]:
    """What is written, by name; the first is what is shown."""
    facts = facts | facts_of(comparison)
    return {
        "peers.md": markdown(facts, results, comparison.missing),
        "peers.json": report.as_json(facts, results),
        "peers.svg": report.plot(facts, results),
    }


def facts_of(comparison: beside_peers.Comparison) -> dict[str, str]:
    facts = {"missing " + name: reason for name, reason in comparison.missing.items()}
    facts |= {peer.name: peer.described for peer in comparison.peers}
    facts |= {"bytes of " + peer.name: f"{peer.counted}, for {peer.stored:,} updates{peer.bytes_by_part()}"
              for peer in comparison.peers}  # fmt: skip
    if comparison.peers:
        facts["bytes"] = "less those of the empty store; bench/README.md says what is flushed and what is compacted"
    return facts


def markdown(facts: dict[str, str], results: list[Result], missing: dict[str, str]) -> str:
    lines = ["# Beside peers", ""]
    lines += [f"- {name}: {value}" for name, value in facts.items()]
    lines += ["", "| " + " | ".join(HEADINGS) + " |", "|" + " --- |" * len(HEADINGS)]
    for name, reason in missing.items():
        lines.append(f"| {name} | **skipped**: {reason} |" + " |" * (len(HEADINGS) - 2))
    by_workload = {result.workload.name: result for result in results}
    for contestant in by_workload["batches"].contestants if "batches" in by_workload else []:
        lines.append("| " + " | ".join(cells_of(contestant.name, by_workload)) + " |")
    return "\n".join(lines) + "\n"


def cells_of(name: str, by_workload: dict[str, Result]) -> list[str]:
    all_rows = [row for result in by_workload.values() for row in report.rows_of(result)]
    rows = {row.workload: row for row in all_rows if row.contestant == name}
    rate = rows["batches"]
    result = by_workload["batches"]
    merges = [sample.merges for sample in result.samples[name] if isinstance(sample, beside_peers.PeerSample)]
    disk = [rows[workload].median if workload in rows else None for workload in ("disk_flushed", "disk_compacted")]
    return [
        name + (f" (refused {rate.refused}, broken {rate.broken})" if rate.refused + rate.broken else ""),
        report.number(rate.median),
        f"{report.number(rate.lowest)}–{report.number(rate.highest)}",
        *ratio_cells(name, PEERS[0], result),
        *ratio_cells(name, PEERS[1], result),
        report.number(rate.p50),
        report.number(rate.p99),
        report.number(rate.cpu),  # for 1,000 requests of 1,000 updates
        ", ".join(f"{number}" for number in merges if number is not None),
        *(report.number(value) for value in disk),
        "; ".join(verdict(row) for row in rows.values() if row.must_hold),
    ]


def ratio_cells(name: str, peer: str, result: Result) -> list[str]:
    if peer == name or peer not in result.samples:
        return ["", ""]
    ratios = [mine.value / other.value for mine, other in zip(result.samples[name], result.samples[peer], strict=False)]
    if not ratios:
        return ["", ""]
    return [f"{statistics.median(ratios):.2f}", f"{min(ratios):.2f}–{max(ratios):.2f}"]


def verdict(row: report.Row) -> str:
    return f"{row.workload.replace('_', ' ')} {row.must_hold}: {'yes' if row.holds else '**no**'}"
