// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/** An OpenID Connect issuer as small as one can be: its discovery document, its key, and tokens signed with it. */
public final class OidcServer implements AutoCloseable {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final HttpServer server;
    private final KeyPair keys = keys();

    OidcServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
        serve("/.well-known/openid-configuration", """
                {"issuer":"%1$s","jwks_uri":"%1$s/jwks","token_endpoint":"%1$s/token",
                 "authorization_endpoint":"%1$s/authorize"}
                """.formatted(issuer()));
        serve("/jwks", """
                {"keys":[{"kty":"RSA","kid":"k1","use":"sig","alg":"RS256","n":"%s","e":"%s"}]}
                """.formatted(
                        number(publicKey().getModulus()), number(publicKey().getPublicExponent())));
        server.start();
    }

    String issuer() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** A token of this issuer for this application that is good for five minutes. */
    String token(String name, String role) {
        return token(claims(name, role, "viewkeeper", Instant.now().plusSeconds(300)));
    }

    String claims(String name, String role, String audience, Instant expires) {
        return """
                {"iss":"%s","aud":"%s","sub":"id-of-%s","preferred_username":"%s","roles":["%s"],"iat":%d,"exp":%d}
                """.formatted(
                        issuer(),
                        audience,
                        name,
                        name,
                        role,
                        expires.minusSeconds(600).getEpochSecond(),
                        expires.getEpochSecond());
    }

    String token(String claims) {
        return signed("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}", claims, keys);
    }

    /** Signed by somebody else, who says that it was with the issuer's key. */
    String forged(String claims) {
        return signed("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}", claims, keys());
    }

    static String unsigned(String claims) {
        return text("{\"alg\":\"none\"}") + "." + text(claims) + ".";
    }

    private static String signed(String header, String claims, KeyPair by) {
        String content = text(header) + "." + text(claims);
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(by.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private RSAPublicKey publicKey() {
        return (RSAPublicKey) keys.getPublic();
    }

    private static String text(String json) {
        return BASE64.encodeToString(json.strip().getBytes(StandardCharsets.UTF_8));
    }

    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return BASE64.encodeToString(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void serve(String path, String json) {
        server.createContext(path, exchange -> {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
