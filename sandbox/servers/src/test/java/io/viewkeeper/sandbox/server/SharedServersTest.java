// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class SharedServersTest {

    @Test
    void aSecondClassLoaderGetsTheServersOfTheFirst() throws Exception {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        try (var loader = copyOfThisClassPath()) {
            // As Quarkus does: Liquibase, should it be asked, looks for its parts there.
            thread.setContextClassLoader(loader);
            var postgres = loader.loadClass(PostgresServer.class.getName());
            var kafka = loader.loadClass(KafkaServer.class.getName());
            assertThat(postgres).isNotSameAs(PostgresServer.class);

            var otherPostgres = postgres.getMethod("shared").invoke(null);
            var otherKafka = kafka.getMethod("shared").invoke(null);

            assertThat(postgres.getMethod("port").invoke(otherPostgres))
                    .isEqualTo(PostgresServer.shared().port());
            assertThat(kafka.getMethod("bootstrapServers").invoke(otherKafka))
                    .isEqualTo(KafkaServer.shared().bootstrapServers());
            assertThat(postgres.getMethod("migratedDatabase").invoke(otherPostgres))
                    .isNotNull();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URLClassLoader copyOfThisClassPath() throws MalformedURLException {
        var urls = new ArrayList<URL>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
