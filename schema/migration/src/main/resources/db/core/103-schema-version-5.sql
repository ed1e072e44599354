--liquibase formatted sql

--changeset viewkeeper:core-schema-version-5
update viewkeeper.schema_version set version = 5, oldest_reader = 5;
