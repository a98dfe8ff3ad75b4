// Starts the dashboard: what all pages share, then the page of the address.
import { startHeader } from "./base/header.js";
import { startLatency } from "./base/latency.js";
import { startLive } from "./base/live.js";
import { startMetrics } from "./base/metrics.js";
import { startRouter } from "./base/router.js";

startHeader();
startLive();
startLatency();
startMetrics();
startRouter();
