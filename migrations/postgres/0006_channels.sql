-- Deliveries go to mailboxes or to programs; each way out has a loop of its own, so that one that stands still stops no other.

ALTER TABLE deliveries ADD COLUMN channel TEXT NOT NULL DEFAULT 'mail' CHECK (channel IN ('mail', 'webhook'));

DROP INDEX deliveries_by_state;

CREATE INDEX deliveries_by_state ON deliveries (channel, state, next_attempt_at);
