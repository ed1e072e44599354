// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.access;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.security.spi.runtime.BlockingSecurityExecutor;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Bearer tokens from mounted files; one that is in none of them is left to OIDC. */
@Singleton
class TokenFileMechanism implements HttpAuthenticationMechanism {
    private static final String SCHEME = "Bearer ";

    private final Guard guard;
    private final BlockingSecurityExecutor threads;

    TokenFileMechanism(Guard guard, BlockingSecurityExecutor threads) {
        this.guard = guard;
        this.threads = threads;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        String header = context.request().getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Uni.createFrom().nullItem();
        }
        String token = header.substring(SCHEME.length()).strip();
        return threads.executeBlocking(() -> identity(guard.holderOf(token)));
    }

    private static @Nullable SecurityIdentity identity(Optional<Guard.Known> holder) {
        return holder.map(known -> QuarkusSecurityIdentity.builder()
                        .setPrincipal(new QuarkusPrincipal(known.name()))
                        .addRole(known.role().wireName())
                        .build())
                .orElse(null);
    }

    /** What is answered to strangers is written in {@link SecurityProblems}. */
    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
    }

    /** Before OIDC, which refuses a token that it does not know. */
    @Override
    public int getPriority() {
        return DEFAULT_PRIORITY + 1_000;
    }
}
