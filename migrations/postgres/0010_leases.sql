-- What one process at a time may do: who does it, and until when nobody else may.

CREATE TABLE leases (
    name        TEXT NOT NULL PRIMARY KEY,
    owner       TEXT NOT NULL,
    -- Counted up each time the lease changes hands: what was begun under an older one is void.
    token       BIGINT NOT NULL,
    lease_until BIGINT NOT NULL
);
