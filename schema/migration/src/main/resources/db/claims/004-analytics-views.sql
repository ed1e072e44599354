--liquibase formatted sql

-- The analytics group. Days and windows are those of the daily group (003): the three views and payer_analysis_daily
-- speak of the same claims, so their totals can be held against each other. What is counted over lines is grouped over
-- lines, in steps that the planner can hash and share among workers: count(distinct ...) would sort them all.

--changeset viewkeeper:claims-revenue-analytics-summary context:claims
create materialized view analytics.revenue_analytics_summary as
with claims_of_day as (
    select
        (c.processed_at at time zone '${businessTimeZone}')::date as revenue_date,
        c.payer_id,
        count(*) as claim_count,
        coalesce(sum(c.total_amount), 0) as total_billed,
        coalesce(sum(c.total_amount) filter (where c.status = 'approved'), 0) as total_approved,
        coalesce(sum(c.total_amount) filter (where c.status = 'denied'), 0) as total_denied,
        round(avg(c.total_amount), 2) as avg_claim_amount,
        avg(c.processing_time_ms) as avg_processing_time_ms,
        count(*) filter (where not c.validation_passed) as validation_failures
    from staging.claims_837p c
    where c.processed_at >= now() - interval '92 days'
      and (c.processed_at at time zone '${businessTimeZone}')::date >= (now() at time zone '${businessTimeZone}')::date - 90
      and c.payer_id is not null
    group by 1, 2
),
rvus_of_day as (
    select
        (c.processed_at at time zone '${businessTimeZone}')::date as revenue_date,
        c.payer_id,
        coalesce(sum(l.rvu_work), 0) as total_rvu_work,
        coalesce(sum(l.rvu_practice_expense), 0) as total_rvu_practice_expense,
        coalesce(sum(l.rvu_malpractice), 0) as total_rvu_malpractice
    from staging.claims_837p c
    join staging.claim_line_items l on l.claim_id = c.claim_id
    where c.processed_at >= now() - interval '92 days'
      and (c.processed_at at time zone '${businessTimeZone}')::date >= (now() at time zone '${businessTimeZone}')::date - 90
      and c.payer_id is not null
    group by 1, 2
),
procedures_of_day as (
    select p.revenue_date, p.payer_id, count(p.procedure_code) as unique_procedures
    from (
        select distinct
            (c.processed_at at time zone '${businessTimeZone}')::date as revenue_date,
            c.payer_id,
            l.procedure_code
        from staging.claims_837p c
        join staging.claim_line_items l on l.claim_id = c.claim_id
        where c.processed_at >= now() - interval '92 days'
          and (c.processed_at at time zone '${businessTimeZone}')::date >= (now() at time zone '${businessTimeZone}')::date - 90
          and c.payer_id is not null
    ) p
    group by p.revenue_date, p.payer_id
),
diagnoses_of_day as (
    select i.revenue_date, i.payer_id, count(i.diagnosis_code) as unique_diagnoses
    from (
        select distinct
            (c.processed_at at time zone '${businessTimeZone}')::date as revenue_date,
            c.payer_id,
            l.diagnosis_code
        from staging.claims_837p c
        join staging.claim_line_items l on l.claim_id = c.claim_id
        where c.processed_at >= now() - interval '92 days'
          and (c.processed_at at time zone '${businessTimeZone}')::date >= (now() at time zone '${businessTimeZone}')::date - 90
          and c.payer_id is not null
    ) i
    group by i.revenue_date, i.payer_id
)
select
    d.revenue_date,
    d.payer_id,
    p.payer_name,
    p.payer_type,
    d.claim_count,
    d.total_billed,
    d.total_approved,
    d.total_denied,
    coalesce(r.total_rvu_work, 0) as total_rvu_work,
    coalesce(r.total_rvu_practice_expense, 0) as total_rvu_practice_expense,
    coalesce(r.total_rvu_malpractice, 0) as total_rvu_malpractice,
    coalesce(r.total_rvu_work + r.total_rvu_practice_expense + r.total_rvu_malpractice, 0) as total_rvus,
    coalesce(o.unique_procedures, 0) as unique_procedures,
    coalesce(i.unique_diagnoses, 0) as unique_diagnoses,
    d.avg_claim_amount,
    round(100 * d.total_approved / nullif(d.total_billed, 0), 2) as approval_rate_percent,
    d.avg_processing_time_ms,
    d.validation_failures
from claims_of_day d
join staging.payers p on p.payer_id = d.payer_id
left join rvus_of_day r on r.revenue_date = d.revenue_date and r.payer_id = d.payer_id
left join procedures_of_day o on o.revenue_date = d.revenue_date and o.payer_id = d.payer_id
left join diagnoses_of_day i on i.revenue_date = d.revenue_date and i.payer_id = d.payer_id;

create unique index idx_revenue_analytics_date_payer
    on analytics.revenue_analytics_summary (revenue_date, payer_id);

comment on materialized view analytics.revenue_analytics_summary is
    'One row is one payer on one business day (${businessTimeZone}) of the last 90. Claims that name no payer are not in it.';
comment on column analytics.revenue_analytics_summary.approval_rate_percent is
    'Approved amount in per cent of the billed amount; null where nothing was billed.';

--changeset viewkeeper:claims-diagnosis-code-analytics context:claims
create materialized view analytics.diagnosis_code_analytics as
with codes_of_claim as (
    select l.claim_id, l.diagnosis_code
    from staging.claim_line_items l
    where l.diagnosis_code is not null
    group by l.claim_id, l.diagnosis_code
),
claims_of_code as (
    select
        date_trunc('week', c.processed_at at time zone '${businessTimeZone}')::date as week_start,
        k.diagnosis_code,
        count(*) as claim_count,
        coalesce(sum(c.total_amount), 0) as total_billed,
        round(avg(c.total_amount), 2) as avg_claim_amount,
        round(100.0 * count(*) filter (where c.status = 'approved') / count(*), 2) as approval_rate_percent,
        count(distinct c.patient_id) as unique_patients,
        count(distinct c.provider_id) as unique_providers,
        count(distinct c.payer_id) as unique_payers
    from staging.claims_837p c
    join codes_of_claim k on k.claim_id = c.claim_id
    where c.processed_at >= now() - interval '92 days'
      and (c.processed_at at time zone '${businessTimeZone}')::date >= (now() at time zone '${businessTimeZone}')::date - 90
    group by 1, 2
),
procedures_of_code as (
    select
        date_trunc('week', c.processed_at at time zone '${businessTimeZone}')::date as week_start,
        l.diagnosis_code,
        l.procedure_code,
        count(*) as lines,
        sum(coalesce(l.rvu_work, 0) + coalesce(l.rvu_practice_expense, 0) + coalesce(l.rvu_malpractice, 0)) as rvus
    from staging.claims_837p c
    join staging.claim_line_items l on l.claim_id = c.claim_id
    where c.processed_at >= now() - interval '92 days'
      and (c.processed_at at time zone '${businessTimeZone}')::date >= (now() at time zone '${businessTimeZone}')::date - 90
      and l.diagnosis_code is not null
    group by 1, 2, 3
),
lines_of_code as (
    select
        p.week_start,
        p.diagnosis_code,
        sum(p.lines)::bigint as line_count,
        sum(p.rvus) as total_rvus
    from procedures_of_code p
    group by p.week_start, p.diagnosis_code
),
top_procedure_of_code as (
    select distinct on (p.week_start, p.diagnosis_code)
        p.week_start,
        p.diagnosis_code,
        p.procedure_code
    from procedures_of_code p
    where p.procedure_code is not null
    order by p.week_start, p.diagnosis_code, p.lines desc, p.procedure_code collate "C"
)
select
    c.week_start,
    c.diagnosis_code,
    c.claim_count,
    l.line_count,
    c.total_billed,
    c.avg_claim_amount,
    c.approval_rate_percent,
    l.total_rvus,
    c.unique_patients,
    c.unique_providers,
    c.unique_payers,
    t.procedure_code as top_procedure_code
from claims_of_code c
join lines_of_code l on l.week_start = c.week_start and l.diagnosis_code = c.diagnosis_code
left join top_procedure_of_code t on t.week_start = c.week_start and t.diagnosis_code = c.diagnosis_code;

create unique index idx_diagnosis_code_analytics_week_code
    on analytics.diagnosis_code_analytics (week_start, diagnosis_code);

comment on materialized view analytics.diagnosis_code_analytics is
    'One row is one ICD-10-CM code in one ISO week (Monday, ${businessTimeZone}) of the last 90 days; of the oldest week only the days within the 90. A claim counts once per code.';
comment on column analytics.diagnosis_code_analytics.top_procedure_code is
    'The procedure code on most lines of the diagnosis code, the smallest in byte order where several are; null where no line names one.';

--changeset viewkeeper:claims-failed-claims-analysis context:claims
create materialized view analytics.failed_claims_analysis as
with failed_claims_of_day as (
    select
        (c.processed_at at time zone '${businessTimeZone}')::date as failure_date,
        c.payer_id,
        coalesce(c.denial_reason_code, case when c.validation_passed = false then 'VALIDATION' else 'UNSPECIFIED' end) as failure_reason,
        count(*) as failed_claims,
        count(*) filter (where c.status = 'denied') as denied_claims,
        count(*) filter (where c.validation_passed = false) as validation_failures,
        coalesce(sum(c.total_amount), 0) as amount_at_risk,
        round(avg(c.total_amount), 2) as avg_claim_amount,
        avg(c.processing_time_ms) as avg_processing_time_ms,
        count(distinct c.patient_id) as unique_patients,
        count(distinct c.provider_id) as unique_providers
    from staging.claims_837p c
    where c.processed_at >= now() - interval '92 days'
      and (c.processed_at at time zone '${businessTimeZone}')::date >= (now() at time zone '${businessTimeZone}')::date - 90
      and (c.status in ('denied', 'failed') or c.validation_passed = false)
      and c.payer_id is not null
    group by 1, 2, 3
)
select
    d.failure_date,
    d.payer_id,
    d.failure_reason,
    p.payer_name,
    d.failed_claims,
    d.denied_claims,
    d.validation_failures,
    d.amount_at_risk,
    d.avg_claim_amount,
    d.avg_processing_time_ms,
    d.unique_patients,
    d.unique_providers
from failed_claims_of_day d
join staging.payers p on p.payer_id = d.payer_id;

create unique index idx_failed_claims_date_payer_reason
    on analytics.failed_claims_analysis (failure_date, payer_id, failure_reason);

comment on materialized view analytics.failed_claims_analysis is
    'One row is one reason for which claims of one payer failed on one business day (${businessTimeZone}) of the last 90: the adjustment reason code, else VALIDATION, else UNSPECIFIED. Claims that name no payer are not in it.';
