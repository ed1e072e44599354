// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds or adds the providers and payers of claims. A provider is known by its NPI (or its name, where it has none), a
 * payer by its code. A new one's id is computed from that, not counted, so that two loaders at once agree on it. What is
 * already known of a party stays; a file only fills in what was missing.
 */
final class PartyStore {

    private static final String PROVIDER_BY_NPI = """
            /* viewkeeper:x12 */
            select min(provider_id)
            from staging.providers
            where npi = ?""";

    private static final String UPSERT_PROVIDER = """
            /* viewkeeper:x12 */
            insert into staging.providers as known (provider_id, npi, provider_name, provider_taxonomy)
            values (?, ?, ?, ?)
            on conflict (provider_id) do update
            set provider_taxonomy = coalesce(known.provider_taxonomy, excluded.provider_taxonomy)""";

    private static final String PAYER_BY_CODE = """
            /* viewkeeper:x12 */
            select min(payer_id)
            from staging.payers
            where payer_code = ?""";

    private static final String UPSERT_PAYER = """
            /* viewkeeper:x12 */
            insert into staging.payers as known (payer_id, payer_code, payer_name, payer_type)
            values (?, ?, ?, ?)
            on conflict (payer_id) do update
            set payer_type = case when coalesce(known.payer_type, 'other') = 'other'
                                  then excluded.payer_type
                                  else known.payer_type end""";

    private final Connection connection;
    private final Map<Provider, Long> providers = new HashMap<>();
    private final Map<Payer, Long> payers = new HashMap<>();

    PartyStore(Connection connection) {
        this.connection = connection;
    }

    long providerId(Provider provider) throws SQLException {
        var known = providers.get(provider);
        if (known != null) {
            return known;
        }
        var id = existing(PROVIDER_BY_NPI, provider.npi());
        var providerId = id == null ? newProviderId(provider) : id;
        try (var upsert = connection.prepareStatement(UPSERT_PROVIDER)) {
            upsert.setLong(1, providerId);
            upsert.setString(2, provider.npi());
            upsert.setString(3, provider.name());
            upsert.setString(4, provider.taxonomy());
            upsert.executeUpdate();
        }
        providers.put(provider, providerId);
        return providerId;
    }

    long payerId(Payer payer) throws SQLException {
        var known = payers.get(payer);
        if (known != null) {
            return known;
        }
        var id = existing(PAYER_BY_CODE, payer.code());
        var payerId = id == null ? hash("payer code", payer.code()) : id;
        try (var upsert = connection.prepareStatement(UPSERT_PAYER)) {
            upsert.setLong(1, payerId);
            upsert.setString(2, payer.code());
            upsert.setString(3, payer.name());
            upsert.setString(4, payer.type().column());
            upsert.executeUpdate();
        }
        payers.put(payer, payerId);
        return payerId;
    }

    private @Nullable Long existing(String query, @Nullable String key) throws SQLException {
        try (var select = connection.prepareStatement(query)) {
            select.setString(1, key);
            try (var row = select.executeQuery()) {
                row.next();
                return row.getObject(1, Long.class);
            }
        }
    }

    private static long newProviderId(Provider provider) {
        return provider.npi() == null ? hash("provider name", provider.name()) : hash("npi", provider.npi());
    }

    /** 63 bits: far above any id that was counted, and no two alike in practice. */
    private static long hash(String kind, String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest((kind + '\u001f' + key).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong() & Long.MAX_VALUE;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
