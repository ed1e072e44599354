--liquibase formatted sql

-- The real-time group. A minute is in a view while any moment of it lies within the last 24 hours, counted back from the
-- refresh, and then with all of its rows: no row shows a part of a minute as if it were the whole.
-- date_trunc names its zone, so that the bucket does not depend on the session that refreshes.

--changeset viewkeeper:claims-processing-metrics-realtime context:claims
create materialized view analytics.claims_processing_metrics_realtime as
select
    date_trunc('minute', c.processed_at, 'UTC') as time_bucket,
    count(*) as claims_processed,
    count(*) filter (where c.status = 'approved') as approved_claims,
    count(*) filter (where c.status = 'denied') as denied_claims,
    count(*) filter (where c.status = 'pending') as pending_claims,
    avg(c.processing_time_ms) as avg_processing_time_ms,
    percentile_cont(0.95) within group (order by c.processing_time_ms) as p95_processing_time_ms,
    coalesce(sum(c.total_amount), 0) as total_amount_processed,
    round(avg(c.total_amount), 2) as avg_claim_amount
from staging.claims_837p c
where c.processed_at >= date_trunc('minute', now() - interval '24 hours', 'UTC')
group by date_trunc('minute', c.processed_at, 'UTC');

create unique index idx_claims_metrics_realtime_time
    on analytics.claims_processing_metrics_realtime (time_bucket);

comment on materialized view analytics.claims_processing_metrics_realtime is
    'One row is one minute of the last 24 hours in which a claim was processed.';

--changeset viewkeeper:claims-queue-depth-metrics-realtime context:claims
create materialized view analytics.queue_depth_metrics_realtime as
select
    q.queue_name,
    count(*) filter (where q.status = 'queued') as queued_items,
    count(*) filter (where q.status = 'processing') as processing_items,
    count(*) filter (where q.status = 'failed') as failed_items,
    count(*) filter (where q.status = 'completed' and q.finished_at >= now() - interval '24 hours') as completed_last_24h,
    min(q.enqueued_at) filter (where q.status = 'queued') as oldest_queued_at,
    avg(extract(epoch from q.started_at - q.enqueued_at) * 1000)
        filter (where q.started_at >= now() - interval '24 hours') as avg_wait_ms,
    percentile_cont(0.95) within group (order by (extract(epoch from q.started_at - q.enqueued_at) * 1000)::double precision)
        filter (where q.started_at >= now() - interval '24 hours') as p95_wait_ms
from staging.processing_queue q
group by q.queue_name;

create unique index idx_queue_depth_metrics_realtime_queue
    on analytics.queue_depth_metrics_realtime (queue_name);

comment on materialized view analytics.queue_depth_metrics_realtime is
    'One row is one queue at the moment of the refresh; waits are of the items started in the last 24 hours, null where none was.';

--changeset viewkeeper:claims-validation-results-realtime context:claims
create materialized view analytics.validation_results_realtime as
select
    date_trunc('minute', v.validated_at, 'UTC') as time_bucket,
    v.rule_code,
    count(*) as validations,
    count(*) filter (where v.passed) as passed,
    count(*) filter (where not v.passed) as failed,
    count(distinct v.claim_id) filter (where not v.passed) as failed_claims,
    round(100.0 * count(*) filter (where v.passed) / count(*), 2) as pass_rate_percent
from staging.validation_results v
where v.validated_at >= date_trunc('minute', now() - interval '24 hours', 'UTC')
group by date_trunc('minute', v.validated_at, 'UTC'), v.rule_code;

create unique index idx_validation_results_realtime_time_rule
    on analytics.validation_results_realtime (time_bucket, rule_code);

comment on materialized view analytics.validation_results_realtime is
    'One row is one validation rule in one minute of the last 24 hours; failed_claims counts a claim once however often it failed the rule.';
