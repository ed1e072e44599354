--liquibase formatted sql

--changeset viewkeeper:core-schema-version-4
update viewkeeper.schema_version set version = 4;
