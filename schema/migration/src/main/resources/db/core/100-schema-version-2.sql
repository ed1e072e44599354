--liquibase formatted sql

--changeset viewkeeper:core-schema-version-2
update viewkeeper.schema_version set version = 2;
