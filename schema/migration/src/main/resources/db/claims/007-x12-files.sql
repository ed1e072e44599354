--liquibase formatted sql

--changeset viewkeeper:claims-x12-files context:claims
-- Claims carry nothing that tells a file loaded twice from two files with the same claim in it: the file's hash does.
create table staging.x12_files (
    file_sha256 text primary key
        constraint x12_files_file_sha256_check check (file_sha256 ~ '^[0-9a-f]{64}$'),
    file_name text not null,
    claims integer not null,
    loaded_at timestamptz not null
);

comment on table staging.x12_files is 'One row is an X12 837P file whose claims were loaded; the same bytes are not loaded again.';
comment on column staging.x12_files.file_sha256 is 'As sha256sum prints it.';
