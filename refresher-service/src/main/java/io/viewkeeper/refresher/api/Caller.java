package io.viewkeeper.refresher.api;

import io.quarkus.security.identity.SecurityIdentity;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** The name of whoever asks, as it is recorded and logged. Never one of ours, which hold a colon and a blank. */
final class Caller {
    private Caller() {}

    static String name(SecurityIdentity identity) {
        @Nullable Principal principal = identity.isAnonymous() ? null : identity.getPrincipal();
        @Nullable String name = principal == null ? null : principal.getName();
        return name == null || name.isBlank() ? "unnamed" : LogText.of(name).replace(": ", ":");
    }
}
