package io.viewkeeper.optimizer.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Why a request was not served: a sentence for people. */
@Schema(name = "Problem")
@RegisterForReflection
public record Problem(String message) {}
