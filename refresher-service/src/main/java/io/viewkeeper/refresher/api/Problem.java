package io.viewkeeper.refresher.api;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** Why a request was refused. No resource method returns it, so a native executable must be told to keep it. */
@RegisterForReflection
public record Problem(String message) {}
