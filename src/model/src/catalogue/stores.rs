//! Parameters of servers and databases.

/// Application server.
pub mod server {
    use crate::catalogue::{NameDomain, ParamKind, ParamSpec, Unit};

    /// Processor cores, shared fairly between runnable requests.
    pub const VCPU: ParamSpec = ParamSpec::integer("vcpu", Unit::Count, (1, 256), 2);
    /// Main memory.
    pub const MEMORY_GIB: ParamSpec =
        ParamSpec::number("memory_gib", Unit::Gibibytes, (0.5, 4_096.0), 4.0);
    /// Worker threads: requests worked on at once; held also while waiting for the database.
    /// 200 is Tomcat's default.
    pub const WORKERS: ParamSpec = ParamSpec::integer("workers", Unit::Count, (1, 100_000), 200);
    /// Connections that wait for a worker; beyond them it refuses. 100 is Tomcat's `acceptCount`.
    pub const BACKLOG: ParamSpec = ParamSpec::integer("backlog", Unit::Count, (0, 1_000_000), 100);
    /// Network card.
    pub const NIC_GBPS: ParamSpec =
        ParamSpec::number("nic_gbps", Unit::GigabitsPerSecond, (0.01, 400.0), 1.0);
    /// CPU time for one static file that it has to send itself.
    pub const STATIC_CPU_MS: ParamSpec =
        ParamSpec::number("static_cpu_ms", Unit::Milliseconds, (0.0, 1_000.0), 1.5).more();
    /// Memory of a request while a worker has it.
    pub const REQUEST_MEMORY_MIB: ParamSpec =
        ParamSpec::number("request_memory_mib", Unit::Mebibytes, (0.0, 4_096.0), 4.0).more();
    /// Memory of a connection that waits.
    pub const CONNECTION_MEMORY_KIB: ParamSpec = ParamSpec::number(
        "connection_memory_kib",
        Unit::Kibibytes,
        (0.0, 65_536.0),
        32.0,
    )
    .more();
    /// Memory that the system and the idle application take.
    pub const BASE_MEMORY_MIB: ParamSpec = ParamSpec::number(
        "base_memory_mib",
        Unit::Mebibytes,
        (0.0, 1_048_576.0),
        1_024.0,
    )
    .more();
    /// Database connections that one instance keeps at most. 10 is HikariCP's default.
    pub const DB_POOL: ParamSpec = ParamSpec::integer("db_pool", Unit::Count, (1, 10_000), 10);
    /// How long a request waits for a connection from the pool. 30 s is HikariCP's default.
    pub const DB_POOL_TIMEOUT_SECS: ParamSpec =
        ParamSpec::number("db_pool_timeout_secs", Unit::Seconds, (0.1, 600.0), 30.0).more();
    /// How long it is away after it ran out of memory.
    pub const RESTART_SECS: ParamSpec =
        ParamSpec::number("restart_secs", Unit::Seconds, (1.0, 3_600.0), 60.0).more();
    /// Which operations it runs.
    pub const HANDLES: ParamSpec =
        ParamSpec::of("handles", ParamKind::Names(NameDomain::Operations));
    /// All of them, in order.
    pub const ALL: &[ParamSpec] = &[
        VCPU,
        MEMORY_GIB,
        WORKERS,
        BACKLOG,
        DB_POOL,
        NIC_GBPS,
        STATIC_CPU_MS,
        REQUEST_MEMORY_MIB,
        CONNECTION_MEMORY_KIB,
        BASE_MEMORY_MIB,
        DB_POOL_TIMEOUT_SECS,
        RESTART_SECS,
        HANDLES.more(),
    ];
}

/// Relational database.
pub mod database {
    use crate::catalogue::{NameDomain, ParamKind, ParamSpec, Unit};

    /// Processor cores, shared fairly between running statements.
    pub const VCPU: ParamSpec = ParamSpec::integer("vcpu", Unit::Count, (1, 256), 4);
    /// Main memory; sets the connection limit when none is given.
    pub const MEMORY_GIB: ParamSpec =
        ParamSpec::number("memory_gib", Unit::Gibibytes, (0.5, 4_096.0), 16.0);
    /// Connections at once; 0 takes it from the memory: bytes / 12,582,880 (RDS for MySQL).
    pub const MAX_CONNECTIONS: ParamSpec =
        ParamSpec::integer("max_connections", Unit::Count, (0, 100_000), 0);
    /// CPU time of a statement that reads one row by its key.
    pub const READ_CPU_MS: ParamSpec =
        ParamSpec::number("read_cpu_ms", Unit::Milliseconds, (0.0, 10_000.0), 0.5).more();
    /// CPU time of a statement that writes one row.
    pub const WRITE_CPU_MS: ParamSpec =
        ParamSpec::number("write_cpu_ms", Unit::Milliseconds, (0.0, 10_000.0), 1.0).more();
    /// Time to make a write durable, without queueing at the disk.
    pub const COMMIT_MS: ParamSpec =
        ParamSpec::number("commit_ms", Unit::Milliseconds, (0.0, 10_000.0), 2.0).more();
    /// Which datasets it keeps.
    pub const HOLDS: ParamSpec = ParamSpec::of("holds", ParamKind::Names(NameDomain::Datasets));
    /// All of them, in order.
    pub const ALL: &[ParamSpec] = &[
        VCPU,
        MEMORY_GIB,
        MAX_CONNECTIONS,
        READ_CPU_MS,
        WRITE_CPU_MS,
        COMMIT_MS,
        HOLDS.more(),
    ];
}
