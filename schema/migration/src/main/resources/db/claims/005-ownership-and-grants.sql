--liquibase formatted sql

-- REFRESH runs a view's query with the rights of the view's owner, and up to PostgreSQL 16 only the owner may refresh:
-- so the refresher owns the views, and may read what they read. The owner of a view must be able to create in its schema
-- at the moment at which it becomes the owner, and at no other.

--changeset viewkeeper:claims-views-belong-to-the-refresher context:claims
grant create on schema analytics to viewkeeper_refresher;

alter materialized view analytics.claims_processing_metrics_realtime owner to viewkeeper_refresher;
alter materialized view analytics.queue_depth_metrics_realtime owner to viewkeeper_refresher;
alter materialized view analytics.validation_results_realtime owner to viewkeeper_refresher;
alter materialized view analytics.claims_daily_summary owner to viewkeeper_refresher;
alter materialized view analytics.provider_performance_daily owner to viewkeeper_refresher;
alter materialized view analytics.payer_analysis_daily owner to viewkeeper_refresher;
alter materialized view analytics.revenue_analytics_summary owner to viewkeeper_refresher;
alter materialized view analytics.diagnosis_code_analytics owner to viewkeeper_refresher;
alter materialized view analytics.failed_claims_analysis owner to viewkeeper_refresher;

revoke create on schema analytics from viewkeeper_refresher;

--changeset viewkeeper:claims-grants context:claims
-- The optimizer explains statements over views and base tables with its own rights. The metrics service reads statistics
-- and no claim: it gets nothing here.
grant usage on schema staging to viewkeeper_refresher, viewkeeper_optimizer;

grant select on
    staging.providers,
    staging.payers,
    staging.claims_837p,
    staging.claim_line_items,
    staging.validation_results,
    staging.processing_queue
to viewkeeper_refresher, viewkeeper_optimizer;

grant select on
    analytics.claims_processing_metrics_realtime,
    analytics.queue_depth_metrics_realtime,
    analytics.validation_results_realtime,
    analytics.claims_daily_summary,
    analytics.provider_performance_daily,
    analytics.payer_analysis_daily,
    analytics.revenue_analytics_summary,
    analytics.diagnosis_code_analytics,
    analytics.failed_claims_analysis
to viewkeeper_optimizer;
