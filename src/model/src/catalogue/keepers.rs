//! Parameters of what keeps data besides the relational database.

params! {
    /// Cache.
    cache {
        /// Memory for the items.
        MEMORY_MIB = number("memory_mib", Unit::Mebibytes, (0.001, 1_048_576.0), 1_024.0);
        /// Items that it keeps at most, whatever their size; 0 takes it from the memory.
        ENTRIES = integer("entries", Unit::Count, (0, 100_000_000), 0).more();
        /// Which item goes when it is full.
        POLICY = choice("policy", &["lru", "lfu", "lfu_perfect", "ttl"]);
        /// How long an item is good for; 0 for ever.
        TTL_SECS = number("ttl_secs", Unit::Seconds, (0.0, 31_536_000.0), 0.0);
        /// By how much the TTL of an item varies, so that they do not all expire at once.
        TTL_JITTER_PERCENT = number("ttl_jitter_percent", Unit::Percent, (0.0, 100.0), 0.0).more();
        /// Whether a hit makes an item good anew.
        SLIDING = choice("sliding", &["no", "yes"]).more();
        /// Whether only one of those who miss the same key asks the store, and the others wait for it.
        SINGLE_FLIGHT = choice("single_flight", &["no", "yes"]);
        /// Of several caches side by side: whose a row is. By its hash a dead cache's rows have none; by
        /// consistent hashing they go to its neighbours.
        SHARDING = choice("sharding", &["hash", "consistent"]).more();
        /// Who fetches what is missing, and what a write does: the asker, and forgets the item; the cache, and writes to both; the cache, and writes to the store later.
        MODE = choice("mode", &["aside", "through", "behind"]);
        /// Shards, each with its share of the memory and its own processor.
        SHARDS = integer("shards", Unit::Count, (1, 1_000), 1);
        /// Processor time of one operation at its shard.
        OPERATION_US = number("operation_us", Unit::Microseconds, (0.0, 1_000_000.0), 10.0).more();
        /// Time of one operation besides the processor's.
        LATENCY_MS = number("latency_ms", Unit::Milliseconds, (0.0, 10_000.0), 0.2).more();
        /// For `behind`: how long a write waits before the store gets it.
        BEHIND_MS = number("behind_ms", Unit::Milliseconds, (0.0, 3_600_000.0), 1_000.0).more();
        /// For feed lists: how many posts one has room for.
        FEED_LIST_CAP = integer("feed_list_cap", Unit::Count, (1, 65_535), 500).more();
        /// For feed lists: what an entry is, the post's id or the whole post.
        FEED_ENTRIES = choice("feed_entries", &["ids", "bodies"]).more();
        /// For friendships and posts of a feed: what is done with a row that has changed in its store.
        FEED_ON_CHANGE = choice("feed_on_change", &["forget", "keep"]).more();
        /// Which datasets it keeps.
        HOLDS = of("holds", ParamKind::Names(NameDomain::Datasets)).more();
    }
}

params! {
    /// Key-value store.
    key_value {
        /// Reads a second, all partitions together.
        READ_UNITS = number("read_units", Unit::PerSecond, (0.01, 100_000_000.0), 3_000.0);
        /// Writes a second, all partitions together.
        WRITE_UNITS = number("write_units", Unit::PerSecond, (0.01, 100_000_000.0), 1_000.0);
        /// Partitions by the key's hash; each has its share of the units.
        PARTITIONS = integer("partitions", Unit::Count, (1, 10_000), 4);
        /// Which copy answers a read: any, or the leader for twice the units.
        CONSISTENCY = choice("consistency", &["eventual", "strong"]);
        /// Time of an operation.
        LATENCY_MS = number("latency_ms", Unit::Milliseconds, (0.0, 10_000.0), 4.0).more();
        /// How long a copy lags behind the leader.
        COPY_LAG_MS = number("copy_lag_ms", Unit::Milliseconds, (0.0, 600_000.0), 20.0).more();
        /// Units saved up for bursts, in seconds of the rate.
        BURST_SECS = number("burst_secs", Unit::Seconds, (0.0, 3_600.0), 300.0).more();
        /// Which datasets it keeps.
        HOLDS = of("holds", ParamKind::Names(NameDomain::Datasets)).more();
    }
}

params! {
    /// Connection proxy.
    connection_proxy {
        /// Connections to the database.
        CONNECTIONS = integer("connections", Unit::Count, (1, 100_000), 100);
        /// How long a client waits for one.
        BORROW_TIMEOUT_SECS = number("borrow_timeout_secs", Unit::Seconds, (0.01, 3_600.0), 120.0);
        /// Whether a client keeps its connection until it hangs up.
        PINNING = choice("pinning", &["no", "yes"]).more();
        /// Time that it adds to a statement.
        OVERHEAD_MS = number("overhead_ms", Unit::Milliseconds, (0.0, 1_000.0), 0.5).more();
    }
}

params! {
    /// Object store.
    object_store {
        /// Time to the first byte.
        FIRST_BYTE_MS = number("first_byte_ms", Unit::Milliseconds, (0.0, 10_000.0), 40.0);
        /// Bandwidth of one transfer.
        TRANSFER_MBPS = number("transfer_mbps", Unit::MegabitsPerSecond, (1.0, 100_000.0), 800.0);
        /// Requests a second; more are refused with 503.
        RATE_PER_SEC = number("rate_per_sec", Unit::PerSecond, (1.0, 100_000_000.0), 5_500.0).more();
        /// Which datasets it keeps.
        HOLDS = of("holds", ParamKind::Names(NameDomain::Datasets)).more();
    }
}

params! {
    /// Search engine.
    search {
        /// Shards; a query asks all of them.
        SHARDS = integer("shards", Unit::Count, (1, 1_000), 5);
        /// Processor cores of each shard.
        VCPU = integer("vcpu", Unit::Count, (1, 256), 2);
        /// Processor time of a query at one shard.
        QUERY_CPU_MS = number("query_cpu_ms", Unit::Milliseconds, (0.0, 60_000.0), 4.0).more();
        /// How long after a write a query sees it.
        REFRESH_SECS = number("refresh_secs", Unit::Seconds, (0.0, 3_600.0), 1.0);
        /// Which datasets it indexes.
        HOLDS = of("holds", ParamKind::Names(NameDomain::Datasets)).more();
    }
}

params! {
    /// Graph store.
    graph_store {
        /// Processor cores.
        VCPU = integer("vcpu", Unit::Count, (1, 256), 4);
        /// Processor time of one look-up.
        LOOKUP_CPU_MS = number("lookup_cpu_ms", Unit::Milliseconds, (0.0, 10_000.0), 0.2);
        /// Processor time of each row on top.
        ROW_CPU_US = number("row_cpu_us", Unit::Microseconds, (0.0, 100_000.0), 2.0).more();
        /// Which datasets it keeps.
        HOLDS = of("holds", ParamKind::Names(NameDomain::Datasets)).more();
    }
}

params! {
    /// Id generator.
    id_generator {
        /// How the ids are made.
        SCHEME = choice("scheme", &["snowflake", "ticket", "auto_increment", "timestamp_ms", "timestamp_ms_random", "uuid_v4", "uuid_v7"]);
        /// Time to make one.
        LATENCY_MS = number("latency_ms", Unit::Milliseconds, (0.0, 10_000.0), 0.5);
        /// Ids a second; those beyond wait.
        RATE_PER_SEC = number("rate_per_sec", Unit::PerSecond, (1.0, 100_000_000.0), 100_000.0).more();
        /// For `timestamp_ms_random`: how many random bits.
        RANDOM_BITS = integer("random_bits", Unit::Count, (0, 80), 20).more();
        /// For `snowflake`: what it does when its clock has stepped back: waits, or goes on and repeats ids.
        STEP_BACK = choice("step_back", &["wait", "repeat"]).more();
        /// For `auto_increment`: the step between two ids, so that several generators can interleave.
        STEP = integer("step", Unit::Count, (1, 1_000), 1).more();
        /// For `auto_increment`: the first id.
        OFFSET = integer("offset", Unit::Count, (1, 1_000), 1).more();
    }
}

params! {
    /// Message queue.
    queue {
        /// Messages that it holds; a publish beyond is refused.
        CAPACITY = integer("capacity", Unit::Count, (1, 1_000_000_000), 1_000_000);
        /// How long a message that was taken stays hidden; then another gets it.
        VISIBILITY_SECS = number("visibility_secs", Unit::Seconds, (0.1, 43_200.0), 30.0);
        /// After how many deliveries a message goes to the dead letters; 0 for never.
        MAX_RECEIVES = integer("max_receives", Unit::Count, (0, 1_000), 5);
        /// Partitions by the key's hash; each is read by one consumer at a time.
        PARTITIONS = integer("partitions", Unit::Count, (1, 10_000), 1).more();
        /// Whether messages of one key stay in order, one at a time.
        FIFO = choice("fifo", &["no", "yes"]).more();
        /// Time to take a message in.
        PUBLISH_MS = number("publish_ms", Unit::Milliseconds, (0.0, 10_000.0), 2.0).more();
        /// What a full queue does: refuses, or lets the publisher wait.
        WHEN_FULL = choice("when_full", &["refuse", "wait"]).more();
    }
}
