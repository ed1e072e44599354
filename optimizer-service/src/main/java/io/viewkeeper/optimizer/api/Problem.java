package io.viewkeeper.optimizer.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Why a request was not served: a sentence for people. */
@Schema(name = "Problem")
public record Problem(String message) {}
