// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * The program that {@link KafkaServer} runs in a JVM of its own: formats the storage if it is new, runs the broker, and
 * ends when its standard input does, which happens also when the parent is killed.
 */
final class KafkaProcess {

    static final String READY = "viewkeeper: kafka is ready";
    static final String STOP = "stop";

    /** Any identifier will do: nothing is ever copied from one cluster to another. */
    private static final String CLUSTER_ID = "dmlld2tlZXBlci1zYW5kYg";

    private static final long SHUTDOWN_LIMIT_SECONDS = 60;

    private KafkaProcess() {}

    /** Arguments: the file of the broker's settings, the broker's directory, whether that directory is temporary. */
    public static void main(String[] arguments) {
        int exitCode = 0;
        try {
            run(Path.of(arguments[0]), Path.of(arguments[1]), Boolean.parseBoolean(arguments[2]));
        } catch (Throwable failure) {
            failure.printStackTrace(System.err);
            exitCode = 1;
        }
        // Not an exit: a broker leaves threads behind that are not daemons, above all one that failed to start.
        Runtime.getRuntime().halt(exitCode);
    }

    private static void run(Path settingsFile, Path directory, boolean temporary)
            throws IOException, InterruptedException {
        var ready = System.out;
        System.setOut(System.err);
        var parent = new Parent();
        Thread.ofPlatform().daemon().name("parent-watch").start(parent::watch);

        StorageTool.execute(
                new String[] {
                    "format", "--ignore-formatted", "--cluster-id", CLUSTER_ID, "--config", settingsFile.toString()
                },
                System.err);
        var server = new KafkaRaftServer(new KafkaConfig(read(settingsFile), false), Time.SYSTEM);
        server.startup();
        ready.println(READY);
        ready.flush();

        boolean parentIsGone = parent.awaitEnd();
        server.shutdown();
        if (parentIsGone && temporary) {
            new ServerDirectory(directory, true).deleteIfTemporary();
        }
    }

    private static Properties read(Path settingsFile) throws IOException {
        var settings = new Properties();
        try (var reader = Files.newBufferedReader(settingsFile)) {
            settings.load(reader);
        }
        return settings;
    }

    /** The JVM at the other end of standard input. */
    private static final class Parent {

        private final CountDownLatch end = new CountDownLatch(1);
        private volatile @Nullable String lastWord;

        void watch() {
            try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
                lastWord = input.readLine();
            } catch (IOException closed) {
                lastWord = null;
            }
            end.countDown();
            try {
                TimeUnit.SECONDS.sleep(SHUTDOWN_LIMIT_SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(1);
        }

        /** Whether the parent went without asking for a stop. */
        boolean awaitEnd() throws InterruptedException {
            end.await();
            return !STOP.equals(lastWord);
        }
    }
}
