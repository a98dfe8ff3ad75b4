"""The list of what is measured, in the order in which it is."""

from . import fleet_page, million, reads, updates, upkeep
from .sample import Workload

WORKLOADS = [
    Workload("post_postgres", "durable POST on PostgreSQL, 256 connections", "requests/s", updates.post_postgres),
    Workload("post_sqlite", "durable POST on the embedded store, 256 connections", "requests/s", updates.post_sqlite),
    Workload("post_fixed_rate", "10,000 durable POST/s on PostgreSQL: p99", "ms", updates.post_fixed_rate),
    Workload("upkeep_postgres", "the same beside a merge, and beside compaction", "ms", upkeep.upkeep_postgres),
    Workload("upkeep_sqlite", "the same on the embedded store", "ms", upkeep.upkeep_sqlite),
    Workload("batch_postgres", "batches of 1,000 on PostgreSQL", "updates/s", updates.batch_postgres),
    Workload("batch_sqlite", "batches of 1,000 on the embedded store", "updates/s", updates.batch_sqlite),
    Workload("get_latest", "GET of the latest status, 64 connections", "requests/s", reads.get_latest),
    Workload("summary_idle", "summary of 10,000 devices, 8 connections", "requests/s", reads.summary_idle),
    Workload("summary_busy", "the same while 5,000 updates/s arrive", "requests/s", reads.summary_busy),
    Workload("summary_gzip", "the same with gzip, beside the plain one", "requests/s", reads.summary_gzip),
    Workload("history", "history of 50 records, from PostgreSQL", "requests/s", reads.history),
    Workload("history_tail", "the same, not merged yet", "requests/s", reads.history_tail),
    Workload("history_partitions", "history of 50 records with 365 partitions, from PostgreSQL", "requests/s", reads.history_partitions),
    Workload("history_long", "history of a device with 100,000 records", "requests/s", reads.history_long),
    Workload("history_buckets", "a month of a device, 43,200 records, in 30 buckets", "requests/s", reads.history_buckets),
    Workload("post_streams", "durable POST on the embedded store beside streams", "requests/s", fleet_page.post_streams),
    Workload("pages_million", "pages of 1,000,000 devices while 5,000 updates/s arrive", "ms", fleet_page.pages_million),
    Workload("start_million", "start with 1,000,000 devices", "s", million.start),
    Workload("start_tail", "the same with 2,600,000 updates that are not merged", "s", million.start_tail),
    Workload("memory_million", "memory with 1,000,000 devices", "MB", million.memory, rounds=1),
]
