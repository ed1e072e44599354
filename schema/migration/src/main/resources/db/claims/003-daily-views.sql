--liquibase formatted sql

-- The daily group. A day is a business day of the zone that the changelog parameter businessTimeZone names, whatever the
-- zone of the session that refreshes. The windows of 30 and 90 days count back from the refresh and begin with a whole
-- day: no row shows a part of a day as if it were the day. The day itself is the exact condition; the plain one on
-- processed_at, two days wider, is there for the index (midnight is missing or double on some days of some zones).
-- A claim counts once: lines are added up per key before they meet the claims.

--changeset viewkeeper:claims-daily-summary context:claims
create materialized view analytics.claims_daily_summary as
select
    (c.processed_at at time zone '${businessTimeZone}')::date as processing_date,
    count(*) as total_claims,
    count(*) filter (where c.status = 'approved') as approved_claims,
    count(*) filter (where c.status = 'denied') as denied_claims,
    count(*) filter (where c.status = 'pending') as pending_claims,
    count(*) filter (where c.validation_passed) as validation_passed,
    count(*) filter (where not c.validation_passed) as validation_failed,
    coalesce(sum(c.total_amount), 0) as total_amount,
    round(avg(c.total_amount), 2) as avg_claim_amount,
    coalesce(sum(c.total_amount) filter (where c.status = 'approved'), 0) as approved_amount,
    avg(c.processing_time_ms) as avg_processing_time_ms,
    percentile_cont(0.95) within group (order by c.processing_time_ms) as p95_processing_time_ms,
    count(distinct c.patient_id) as unique_patients,
    count(distinct c.provider_id) as unique_providers,
    count(distinct c.payer_id) as unique_payers
from staging.claims_837p c
where c.processed_at is not null
group by (c.processed_at at time zone '${businessTimeZone}')::date;

create unique index idx_claims_daily_summary_date
    on analytics.claims_daily_summary (processing_date);

comment on materialized view analytics.claims_daily_summary is
    'One row is one business day (${businessTimeZone}) on which a claim was processed, all time.';

--changeset viewkeeper:claims-provider-performance-daily context:claims
create materialized view analytics.provider_performance_daily as
with claim as (
    select
        c.claim_id,
        (c.processed_at at time zone '${businessTimeZone}')::date as analysis_date,
        c.provider_id,
        c.patient_id,
        c.total_amount,
        c.status,
        c.validation_passed,
        c.processing_time_ms
    from staging.claims_837p c
    where c.processed_at >= now() - interval '32 days'
      and (c.processed_at at time zone '${businessTimeZone}')::date >= (now() at time zone '${businessTimeZone}')::date - 30
      and c.provider_id is not null
),
claims_of_day as (
    select
        c.analysis_date,
        c.provider_id,
        count(*) as total_claims,
        count(*) filter (where c.status = 'approved') as approved_claims,
        count(*) filter (where c.status = 'denied') as denied_claims,
        coalesce(sum(c.total_amount), 0) as total_billed,
        coalesce(sum(c.total_amount) filter (where c.status = 'approved'), 0) as total_approved,
        round(avg(c.total_amount), 2) as avg_claim_amount,
        avg(c.processing_time_ms) as avg_processing_time_ms,
        count(*) filter (where not c.validation_passed) as validation_failures,
        count(distinct c.patient_id) as unique_patients
    from claim c
    group by c.analysis_date, c.provider_id
),
rvus_of_day as (
    select
        c.analysis_date,
        c.provider_id,
        sum(coalesce(l.rvu_work, 0) + coalesce(l.rvu_practice_expense, 0) + coalesce(l.rvu_malpractice, 0)) as total_rvus
    from claim c
    join staging.claim_line_items l on l.claim_id = c.claim_id
    group by c.analysis_date, c.provider_id
)
select
    d.analysis_date,
    d.provider_id,
    p.provider_name,
    p.provider_taxonomy,
    p.provider_specialty,
    d.total_claims,
    d.approved_claims,
    d.denied_claims,
    round(100.0 * d.approved_claims / d.total_claims, 2) as approval_rate_percent,
    d.total_billed,
    d.total_approved,
    d.avg_claim_amount,
    coalesce(r.total_rvus, 0) as total_rvus,
    d.avg_processing_time_ms,
    d.validation_failures,
    d.unique_patients
from claims_of_day d
join staging.providers p on p.provider_id = d.provider_id
left join rvus_of_day r on r.analysis_date = d.analysis_date and r.provider_id = d.provider_id;

create unique index idx_provider_performance_date_provider
    on analytics.provider_performance_daily (analysis_date, provider_id);

comment on materialized view analytics.provider_performance_daily is
    'One row is one provider on one business day (${businessTimeZone}) of the last 30. Claims that name no provider are not in it.';

--changeset viewkeeper:claims-payer-analysis-daily context:claims
create materialized view analytics.payer_analysis_daily as
with claims_of_day as (
    select
        (c.processed_at at time zone '${businessTimeZone}')::date as analysis_date,
        c.payer_id,
        count(*) as total_claims,
        count(*) filter (where c.status = 'approved') as approved_claims,
        count(*) filter (where c.status = 'denied') as denied_claims,
        count(*) filter (where c.status = 'pending') as pending_claims,
        coalesce(sum(c.total_amount), 0) as total_billed,
        coalesce(sum(c.total_amount) filter (where c.status = 'approved'), 0) as total_approved,
        coalesce(sum(c.total_amount) filter (where c.status = 'denied'), 0) as total_denied,
        round(avg(c.total_amount), 2) as avg_claim_amount,
        avg(c.processing_time_ms) as avg_processing_time_ms,
        percentile_cont(0.95) within group (order by c.processing_time_ms) as p95_processing_time_ms,
        count(*) filter (where not c.validation_passed) as validation_failures,
        count(distinct c.patient_id) as unique_patients,
        count(distinct c.provider_id) as unique_providers
    from staging.claims_837p c
    where c.processed_at >= now() - interval '92 days'
      and (c.processed_at at time zone '${businessTimeZone}')::date >= (now() at time zone '${businessTimeZone}')::date - 90
      and c.payer_id is not null
    group by (c.processed_at at time zone '${businessTimeZone}')::date, c.payer_id
)
select
    d.analysis_date,
    d.payer_id,
    p.payer_name,
    p.payer_type,
    d.total_claims,
    d.approved_claims,
    d.denied_claims,
    d.pending_claims,
    round(100.0 * d.approved_claims / d.total_claims, 2) as approval_rate_percent,
    d.total_billed,
    d.total_approved,
    d.total_denied,
    d.avg_claim_amount,
    d.avg_processing_time_ms,
    d.p95_processing_time_ms,
    d.validation_failures,
    d.unique_patients,
    d.unique_providers
from claims_of_day d
join staging.payers p on p.payer_id = d.payer_id;

create unique index idx_payer_analysis_date_payer
    on analytics.payer_analysis_daily (analysis_date, payer_id);

comment on materialized view analytics.payer_analysis_daily is
    'One row is one payer on one business day (${businessTimeZone}) of the last 90. Claims that name no payer are not in it.';
