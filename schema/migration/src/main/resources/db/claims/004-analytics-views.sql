--liquibase formatted sql

-- The analytics group. Days and windows are those of the daily group (003): the three views and payer_analysis_daily
-- speak of the same claims, so their totals can be held against each other.

--changeset viewkeeper:claims-revenue-analytics-summary context:claims
create materialized view analytics.revenue_analytics_summary as
with claim as (
    select
        c.claim_id,
        (c.processed_at at time zone '${businessTimeZone}')::date as revenue_date,
        c.payer_id,
        c.total_amount,
        c.status,
        c.validation_passed,
        c.processing_time_ms
    from staging.claims_837p c
    where c.processed_at >= now() - interval '92 days'
      and (c.processed_at at time zone '${businessTimeZone}')::date >= (now() at time zone '${businessTimeZone}')::date - 90
      and c.payer_id is not null
),
claims_of_day as (
    select
        c.revenue_date,
        c.payer_id,
        count(*) as claim_count,
        coalesce(sum(c.total_amount), 0) as total_billed,
        coalesce(sum(c.total_amount) filter (where c.status = 'approved'), 0) as total_approved,
        coalesce(sum(c.total_amount) filter (where c.status = 'denied'), 0) as total_denied,
        round(avg(c.total_amount), 2) as avg_claim_amount,
        avg(c.processing_time_ms) as avg_processing_time_ms,
        count(*) filter (where not c.validation_passed) as validation_failures
    from claim c
    group by c.revenue_date, c.payer_id
),
lines_of_day as (
    select
        c.revenue_date,
        c.payer_id,
        coalesce(sum(l.rvu_work), 0) as total_rvu_work,
        coalesce(sum(l.rvu_practice_expense), 0) as total_rvu_practice_expense,
        coalesce(sum(l.rvu_malpractice), 0) as total_rvu_malpractice,
        count(distinct l.procedure_code) as unique_procedures,
        count(distinct l.diagnosis_code) as unique_diagnoses
    from claim c
    join staging.claim_line_items l on l.claim_id = c.claim_id
    group by c.revenue_date, c.payer_id
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
    coalesce(l.total_rvu_work, 0) as total_rvu_work,
    coalesce(l.total_rvu_practice_expense, 0) as total_rvu_practice_expense,
    coalesce(l.total_rvu_malpractice, 0) as total_rvu_malpractice,
    coalesce(l.total_rvu_work + l.total_rvu_practice_expense + l.total_rvu_malpractice, 0) as total_rvus,
    coalesce(l.unique_procedures, 0) as unique_procedures,
    coalesce(l.unique_diagnoses, 0) as unique_diagnoses,
    d.avg_claim_amount,
    round(100 * d.total_approved / nullif(d.total_billed, 0), 2) as approval_rate_percent,
    d.avg_processing_time_ms,
    d.validation_failures
from claims_of_day d
join staging.payers p on p.payer_id = d.payer_id
left join lines_of_day l on l.revenue_date = d.revenue_date and l.payer_id = d.payer_id;

create unique index idx_revenue_analytics_date_payer
    on analytics.revenue_analytics_summary (revenue_date, payer_id);

comment on materialized view analytics.revenue_analytics_summary is
    'One row is one payer on one business day (${businessTimeZone}) of the last 90. Claims that name no payer are not in it.';
comment on column analytics.revenue_analytics_summary.approval_rate_percent is
    'Approved amount in per cent of the billed amount; null where nothing was billed.';

--changeset viewkeeper:claims-diagnosis-code-analytics context:claims
create materialized view analytics.diagnosis_code_analytics as
with line as (
    select
        date_trunc('week', c.processed_at at time zone '${businessTimeZone}')::date as week_start,
        l.diagnosis_code,
        c.claim_id,
        l.procedure_code collate "C" as procedure_code,
        coalesce(l.rvu_work, 0) + coalesce(l.rvu_practice_expense, 0) + coalesce(l.rvu_malpractice, 0) as rvus
    from staging.claims_837p c
    join staging.claim_line_items l on l.claim_id = c.claim_id
    where c.processed_at >= now() - interval '92 days'
      and (c.processed_at at time zone '${businessTimeZone}')::date >= (now() at time zone '${businessTimeZone}')::date - 90
      and l.diagnosis_code is not null
),
claim_of_code as (
    select
        l.week_start,
        l.diagnosis_code,
        l.claim_id,
        count(*) as lines,
        sum(l.rvus) as rvus
    from line l
    group by l.week_start, l.diagnosis_code, l.claim_id
),
procedure_of_code as (
    select distinct on (n.week_start, n.diagnosis_code)
        n.week_start,
        n.diagnosis_code,
        n.procedure_code
    from (
        select l.week_start, l.diagnosis_code, l.procedure_code, count(*) as lines
        from line l
        where l.procedure_code is not null
        group by l.week_start, l.diagnosis_code, l.procedure_code
    ) n
    order by n.week_start, n.diagnosis_code, n.lines desc, n.procedure_code
),
code_of_week as (
    select
        k.week_start,
        k.diagnosis_code,
        count(*) as claim_count,
        sum(k.lines)::bigint as line_count,
        coalesce(sum(c.total_amount), 0) as total_billed,
        round(avg(c.total_amount), 2) as avg_claim_amount,
        round(100.0 * count(*) filter (where c.status = 'approved') / count(*), 2) as approval_rate_percent,
        sum(k.rvus) as total_rvus,
        count(distinct c.patient_id) as unique_patients,
        count(distinct c.provider_id) as unique_providers,
        count(distinct c.payer_id) as unique_payers
    from claim_of_code k
    join staging.claims_837p c on c.claim_id = k.claim_id
    group by k.week_start, k.diagnosis_code
)
select
    w.week_start,
    w.diagnosis_code,
    w.claim_count,
    w.line_count,
    w.total_billed,
    w.avg_claim_amount,
    w.approval_rate_percent,
    w.total_rvus,
    w.unique_patients,
    w.unique_providers,
    w.unique_payers,
    t.procedure_code as top_procedure_code
from code_of_week w
left join procedure_of_code t on t.week_start = w.week_start and t.diagnosis_code = w.diagnosis_code;

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
