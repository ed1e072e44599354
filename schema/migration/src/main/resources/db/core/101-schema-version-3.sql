--liquibase formatted sql

--changeset viewkeeper:core-schema-version-3
update viewkeeper.schema_version set version = 3;
