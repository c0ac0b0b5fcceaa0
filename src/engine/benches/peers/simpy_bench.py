"""The benchmark's three workloads in SimPy, written as its manual teaches: a process for each request.

`cargo xtask bench` runs this in an environment of its own and reads the JSON it prints: for each workload
the requests of a run, the CPU seconds of every run, and the mean latency, which must agree with ours.

    python simpy_bench.py REQUESTS RUNS
"""

import json
import random
import sys
import time

import simpy


class MMc:
    """One station with Poisson arrivals, 80 % busy; each worker adds a millisecond to the mean service."""

    def __init__(self, env, workers):
        self.env = env
        self.service = 0.001 * workers
        self.station = simpy.Resource(env, workers)
        self.latencies = []

    def arrivals(self, requests):
        for _ in range(requests):
            yield self.env.timeout(random.expovariate(800))
            self.env.process(self.request())

    def request(self):
        born = self.env.now
        with self.station.request() as worker:
            yield worker
            yield self.env.timeout(random.expovariate(1 / self.service))
        self.latencies.append(self.env.now - born)


class ThreeTier:
    """A balancer over 4 servers of 8 workers, a cache that answers 80 %, a database with 20 connections."""

    def __init__(self, env):
        self.env = env
        self.servers = [simpy.Resource(env, 8) for _ in range(4)]
        self.database = simpy.Resource(env, 20)
        self.latencies = []

    def arrivals(self, requests):
        for number in range(requests):
            yield self.env.timeout(random.expovariate(1280))
            self.env.process(self.request(self.servers[number % 4]))

    def request(self, server):
        born = self.env.now
        with server.request() as worker:
            yield worker
            yield self.env.timeout(random.expovariate(1 / 0.020))
        yield self.env.timeout(0.001)
        if random.random() < 0.2:
            with self.database.request() as connection:
                yield connection
                yield self.env.timeout(random.expovariate(1 / 0.0625))
        self.latencies.append(self.env.now - born)


WORKLOADS = {
    "mm1": lambda env: MMc(env, 1),
    "mm4": lambda env: MMc(env, 4),
    "three-tier": ThreeTier,
}


def measure(make, requests, runs):
    """Runs a workload several times after a short run that warms up."""
    seconds, means = [], []
    for run in range(runs + 1):
        count = requests if run else requests // 10
        random.seed(run)
        env = simpy.Environment()
        workload = make(env)
        env.process(workload.arrivals(count))
        begun = time.thread_time()
        env.run()
        took = time.thread_time() - begun
        if run:
            seconds.append(took)
            means.append(1000 * sum(workload.latencies) / len(workload.latencies))
    return {"requests": requests, "cpu_secs": seconds, "mean_ms": sum(means) / len(means)}


def main():
    requests, runs = int(sys.argv[1]), int(sys.argv[2])
    result = {name: measure(make, requests, runs) for name, make in WORKLOADS.items()}
    json.dump({"simpy": simpy.__version__, "python": sys.version.split()[0], "workloads": result}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
