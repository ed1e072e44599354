// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.time.LocalDate;
import java.util.List;

/**
 * A question that is asked once of the base tables and once of a view, with equal answers: all rows in a declared order.
 * The window of the base question ends on the day that its {@code :today} names, in the zone that {@code :zone} names;
 * a view's window ends on the day of its refresh.
 */
record Report(String name, String view, String baseSql, String viewSql) {
    /** The question to the base tables, with literals as a person would write them: the planner sees the window. */
    String baseSqlFor(String zone, LocalDate today) {
        return baseSql.replace(":zone", "'" + zone + "'").replace(":today", "date '" + today + "'");
    }

    static List<Report> all() {
        return List.of(
                new Report("daily-claims-report", "analytics.claims_daily_summary", DAILY_BASE, DAILY_VIEW),
                new Report("provider-analytics", "analytics.provider_performance_daily", PROVIDER_BASE, PROVIDER_VIEW),
                new Report("revenue-summary", "analytics.revenue_analytics_summary", REVENUE_BASE, REVENUE_VIEW),
                new Report("failed-claims-analysis", "analytics.failed_claims_analysis", FAILED_BASE, FAILED_VIEW),
                new Report("failed-claims-by-reason", "analytics.failed_claims_analysis", REASON_BASE, REASON_VIEW));
    }

    /** Each business day of all time, the newest first. */
    private static final String DAILY_BASE = """
            /* viewkeeper:bench */ select
              (c.processed_at at time zone :zone)::date as processing_date,
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
            group by (c.processed_at at time zone :zone)::date
            order by processing_date desc""";

    private static final String DAILY_VIEW = """
            /* viewkeeper:bench */ select
              d.processing_date,
              d.total_claims,
              d.approved_claims,
              d.denied_claims,
              d.pending_claims,
              d.validation_passed,
              d.validation_failed,
              d.total_amount,
              d.avg_claim_amount,
              d.approved_amount,
              d.avg_processing_time_ms,
              d.p95_processing_time_ms,
              d.unique_patients,
              d.unique_providers,
              d.unique_payers
            from analytics.claims_daily_summary d
            order by d.processing_date desc""";

    /** Each provider of the last 30 days, the largest volume first, with approval and work done. */
    private static final String PROVIDER_BASE = """
            /* viewkeeper:bench */ with claims as (
              select
                c.provider_id,
                count(*) as total_claims,
                count(*) filter (where c.status = 'approved') as approved_claims
              from staging.claims_837p c
              where c.processed_at >= (:today - 32)::timestamptz
                and (c.processed_at at time zone :zone)::date >= :today - 30
                and c.provider_id is not null
              group by c.provider_id
            ),
            rvus as (
              select
                c.provider_id,
                sum(coalesce(l.rvu_work, 0) + coalesce(l.rvu_practice_expense, 0) + coalesce(l.rvu_malpractice, 0)) as total_rvus
              from staging.claims_837p c
              join staging.claim_line_items l on l.claim_id = c.claim_id
              where c.processed_at >= (:today - 32)::timestamptz
                and (c.processed_at at time zone :zone)::date >= :today - 30
                and c.provider_id is not null
              group by c.provider_id
            )
            select
              p.provider_id,
              p.provider_name,
              p.provider_specialty,
              c.total_claims,
              c.approved_claims,
              round(100.0 * c.approved_claims / c.total_claims, 2) as approval_rate_percent,
              coalesce(r.total_rvus, 0) as total_rvus
            from claims c
            join staging.providers p on p.provider_id = c.provider_id
            left join rvus r on r.provider_id = c.provider_id
            order by c.total_claims desc, approval_rate_percent desc, p.provider_id""";

    /** Adds up first and names then: grouping by three columns costs as much again as the sums. */
    private static final String PROVIDER_VIEW = """
            /* viewkeeper:bench */ with provider as (
              select
                d.provider_id,
                sum(d.total_claims)::bigint as total_claims,
                sum(d.approved_claims)::bigint as approved_claims,
                sum(d.total_rvus) as total_rvus
              from analytics.provider_performance_daily d
              group by d.provider_id
            )
            select
              p.provider_id,
              p.provider_name,
              p.provider_specialty,
              c.total_claims,
              c.approved_claims,
              round(100.0 * c.approved_claims / c.total_claims, 2) as approval_rate_percent,
              c.total_rvus
            from provider c
            join staging.providers p on p.provider_id = c.provider_id
            order by c.total_claims desc, approval_rate_percent desc, p.provider_id""";

    /** Each payer of the last 90 days, the largest billed amount first, with what it approved and the work billed to it. */
    private static final String REVENUE_BASE = """
            /* viewkeeper:bench */ with claims as (
              select
                c.payer_id,
                count(*) as claim_count,
                coalesce(sum(c.total_amount), 0) as total_billed,
                coalesce(sum(c.total_amount) filter (where c.status = 'approved'), 0) as total_approved
              from staging.claims_837p c
              where c.processed_at >= (:today - 92)::timestamptz
                and (c.processed_at at time zone :zone)::date >= :today - 90
                and c.payer_id is not null
              group by c.payer_id
            ),
            rvus as (
              select
                c.payer_id,
                sum(coalesce(l.rvu_work, 0) + coalesce(l.rvu_practice_expense, 0) + coalesce(l.rvu_malpractice, 0)) as total_rvus
              from staging.claims_837p c
              join staging.claim_line_items l on l.claim_id = c.claim_id
              where c.processed_at >= (:today - 92)::timestamptz
                and (c.processed_at at time zone :zone)::date >= :today - 90
                and c.payer_id is not null
              group by c.payer_id
            )
            select
              p.payer_id,
              p.payer_name,
              p.payer_type,
              c.claim_count,
              c.total_billed,
              c.total_approved,
              round(100 * c.total_approved / nullif(c.total_billed, 0), 2) as approval_rate_percent,
              coalesce(r.total_rvus, 0) as total_rvus
            from claims c
            join staging.payers p on p.payer_id = c.payer_id
            left join rvus r on r.payer_id = c.payer_id
            order by c.total_billed desc, p.payer_id""";

    private static final String REVENUE_VIEW = """
            /* viewkeeper:bench */ with payer as (
              select
                d.payer_id,
                sum(d.claim_count)::bigint as claim_count,
                sum(d.total_billed) as total_billed,
                sum(d.total_approved) as total_approved,
                sum(d.total_rvus) as total_rvus
              from analytics.revenue_analytics_summary d
              group by d.payer_id
            )
            select
              p.payer_id,
              p.payer_name,
              p.payer_type,
              c.claim_count,
              c.total_billed,
              c.total_approved,
              round(100 * c.total_approved / nullif(c.total_billed, 0), 2) as approval_rate_percent,
              c.total_rvus
            from payer c
            join staging.payers p on p.payer_id = c.payer_id
            order by c.total_billed desc, p.payer_id""";

    /** The fifty reasons of a payer and a day that put the most money at risk in 90 days, and whom they touched. */
    private static final String FAILED_BASE = """
            /* viewkeeper:bench */ select
              (c.processed_at at time zone :zone)::date as failure_date,
              c.payer_id,
              p.payer_name,
              coalesce(c.denial_reason_code, case when c.validation_passed = false then 'VALIDATION' else 'UNSPECIFIED' end)
                as failure_reason,
              count(*) as failed_claims,
              coalesce(sum(c.total_amount), 0) as amount_at_risk,
              round(avg(c.total_amount), 2) as avg_claim_amount,
              count(distinct c.patient_id) as unique_patients,
              count(distinct c.provider_id) as unique_providers
            from staging.claims_837p c
            join staging.payers p on p.payer_id = c.payer_id
            where c.processed_at >= (:today - 92)::timestamptz
              and (c.processed_at at time zone :zone)::date >= :today - 90
              and (c.status in ('denied', 'failed') or c.validation_passed = false)
            group by 1, 2, 3, 4
            order by amount_at_risk desc, failure_date desc, c.payer_id, failure_reason
            limit 50""";

    private static final String FAILED_VIEW = """
            /* viewkeeper:bench */ select
              f.failure_date,
              f.payer_id,
              f.payer_name,
              f.failure_reason,
              f.failed_claims,
              f.amount_at_risk,
              f.avg_claim_amount,
              f.unique_patients,
              f.unique_providers
            from analytics.failed_claims_analysis f
            order by f.amount_at_risk desc, f.failure_date desc, f.payer_id, f.failure_reason
            limit 50""";

    /**
     * The reasons of 90 days by the money that they put at risk, over all payers and days. The view's grain is a day, a
     * payer and a reason, so this adds up all of its rows: the view is faster by less than in the other reports.
     */
    private static final String REASON_BASE = """
            /* viewkeeper:bench */ select
              coalesce(c.denial_reason_code, case when c.validation_passed = false then 'VALIDATION' else 'UNSPECIFIED' end)
                as failure_reason,
              count(*) as failed_claims,
              coalesce(sum(c.total_amount), 0) as amount_at_risk
            from staging.claims_837p c
            where c.processed_at >= (:today - 92)::timestamptz
              and (c.processed_at at time zone :zone)::date >= :today - 90
              and (c.status in ('denied', 'failed') or c.validation_passed = false)
              and c.payer_id is not null
            group by 1
            order by amount_at_risk desc, failure_reason""";

    private static final String REASON_VIEW = """
            /* viewkeeper:bench */ select
              f.failure_reason,
              sum(f.failed_claims)::bigint as failed_claims,
              sum(f.amount_at_risk) as amount_at_risk
            from analytics.failed_claims_analysis f
            group by f.failure_reason
            order by amount_at_risk desc, f.failure_reason""";
}
