package io.viewkeeper.refresher.api;

/** Why a request was refused. */
public record Problem(String message) {}
