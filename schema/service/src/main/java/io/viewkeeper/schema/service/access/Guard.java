// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.access;

import io.quarkus.runtime.StartupEvent;
import io.viewkeeper.schema.log.LogText;
import io.viewkeeper.schema.start.WrongSetting;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Knows how callers prove who they are, and whom the token files name. */
@Singleton
class Guard {
    private static final Logger LOG = Logger.getLogger(Guard.class);

    private final List<TokenFile> files;
    private final Optional<Boolean> oidc;
    private volatile String lastTrouble = "";

    /** @param oidc empty in a service without commands, which has no client for OIDC */
    Guard(SecurityConfig config, @ConfigProperty(name = "quarkus.oidc.tenant-enabled") Optional<Boolean> oidc) {
        this.oidc = oidc;
        this.files = new ArrayList<>();
        add("viewkeeper.security.operator-token-file", config.operatorTokenFile(), Role.OPERATOR);
        add("viewkeeper.security.reader-token-file", config.readerTokenFile(), Role.READER);
    }

    private void add(String setting, Optional<Path> path, Role role) {
        path.ifPresent(where -> files.add(new TokenFile(setting, where, role)));
    }

    /** Who holds a token. */
    record Known(String name, Role role) {}

    /** A file that cannot be used stops the start. */
    void check(@Observes StartupEvent event) {
        files.forEach(file -> LOG.infof(
                "security=tokens role=%s count=%d", file.role().wireName(), WrongSetting.checked(file::count)));
        if (oidc.isPresent() && !configured()) {
            LOG.info("security=none every command over HTTP is refused until a token file or OIDC is configured");
        }
    }

    /** Whether there is any way to prove who one is. */
    boolean configured() {
        return oidc.orElse(false) || !files.isEmpty();
    }

    /** Reads files: not for the event loop. A file that has become unusable names nobody. */
    Optional<Known> holderOf(String token) {
        try {
            for (var file : files) {
                Optional<String> name = file.nameOf(token);
                if (name.isPresent()) {
                    return Optional.of(new Known(name.get(), file.role()));
                }
            }
            said("");
        } catch (TokenFile.UnusableTokenFileException unusable) {
            said(String.valueOf(unusable.getMessage()));
        }
        return Optional.empty();
    }

    private void said(String trouble) {
        if (!trouble.isEmpty() && !trouble.equals(lastTrouble)) {
            LOG.warnf("security=degraded nobody is known by it until it is repaired: %s", LogText.of(trouble));
        }
        lastTrouble = trouble;
    }
}
