// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The diagrams in docs/architecture.md are the packages and their uses: each arrow is in the code, each use in the code follows
 * the arrows, be it over several, and none leads back. A library is used by those only that have an arrow to it. Looks at the
 * classes of all modules, so it runs in the last.
 */
class ArchitectureTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern DIAGRAM =
            Pattern.compile("```mermaid\nflowchart \\w+\n%% (\\S+)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern NODE = Pattern.compile("(\\w+)(?:\\[\"([^\"]+)\"])?");

    /** Libraries that are drawn: whoever has no arrow to them uses none of it. */
    private static final Map<String, List<String>> LIBRARIES = Map.of(
            "Kafka", List.of("org.apache.kafka.", "io.smallrye.reactive.messaging."),
            "HTTP", List.of("jakarta.ws.rs."),
            "client", List.of("io.vertx.pgclient.", "io.vertx.core.", "io.vertx.mutiny."));

    private static final JavaClasses CLASSES = classes();

    /** A flowchart: its packages by the names in it, and who may use whom. */
    private record Diagram(String root, Map<String, String> packages, Map<String, Set<String>> uses) {
        static Diagram parse(String root, String text) {
            var packages = new HashMap<String, String>();
            var uses = new TreeMap<String, Set<String>>();
            for (String line : text.lines()
                    .map(String::strip)
                    .filter(one -> !one.isEmpty())
                    .toList()) {
                String[] sides = line.split("-->", -1);
                List<String> from = nodes(sides[0], root, packages);
                if (sides.length > 1) {
                    for (String user : from) {
                        uses.computeIfAbsent(user, _ -> new TreeSet<>()).addAll(nodes(sides[1], root, packages));
                    }
                }
            }
            return new Diagram(root, packages, uses);
        }

        private static List<String> nodes(String side, String root, Map<String, String> packages) {
            var ids = new ArrayList<String>();
            for (String part : side.split("&", -1)) {
                var node = NODE.matcher(part.strip());
                assertThat(node.matches()).as("a node: " + part).isTrue();
                String id = node.group(1);
                if (!LIBRARIES.containsKey(id)) {
                    String name = node.group(2);
                    packages.merge(
                            id,
                            root + "." + (name == null ? id : name),
                            (known, again) -> name == null ? known : again);
                }
                ids.add(id);
            }
            return ids;
        }

        /** The drawn package that a class is in, the innermost. */
        Optional<String> nodeOf(String className) {
            return packages.entrySet().stream()
                    .filter(one -> className.startsWith(one.getValue() + "."))
                    .max(Map.Entry.comparingByValue(Comparator.comparingInt(String::length)))
                    .map(Map.Entry::getKey);
        }
    }

    private static JavaClasses classes() {
        var configuration = ArchConfiguration.get();
        try {
            // What they depend on is known by its name alone: that is all that is asked for, and reads fast.
            configuration.setResolveMissingDependenciesFromClassPath(false);
            return new ClassFileImporter().importPaths(modules());
        } finally {
            configuration.reset();
        }
    }

    private static List<Path> modules() {
        try (var poms = Files.find(ROOT, 3, (path, _) -> path.endsWith("pom.xml"))) {
            List<Path> sources = poms.map(pom -> pom.resolveSibling("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList();
            List<Path> compiled = sources.stream()
                    .map(source -> source.resolve("../../../target/classes").normalize())
                    .toList();
            assertThat(compiled)
                    .as("all modules are compiled: run the tests of the whole project")
                    .hasSizeGreaterThan(5)
                    .allMatch(Files::isDirectory);
            return compiled;
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static List<Diagram> diagrams() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/architecture.md"));
        return DIAGRAM.matcher(page)
                .results()
                .map(found -> Diagram.parse(found.group(1), found.group(2)))
                .toList();
    }

    @Test
    void theDiagramsAreTheCode() throws IOException {
        var wrong = new TreeSet<String>();
        var drawn = new TreeSet<String>();
        for (Diagram diagram : diagrams()) {
            drawn.add(diagram.root());
            Map<String, Set<String>> found = uses(diagram, wrong);
            unused(diagram, found).forEach(use -> wrong.add(diagram.root() + ": nothing does: " + use));
            undrawn(diagram, found).forEach(use -> wrong.add(diagram.root() + ": not drawn: " + use));
        }
        assertThat(wrong).isEmpty();
        assertThat(drawn)
                .contains(
                        "io.viewkeeper",
                        "io.viewkeeper.schema",
                        "io.viewkeeper.refresher",
                        "io.viewkeeper.optimizer",
                        "io.viewkeeper.metrics",
                        "io.viewkeeper.sandbox");
    }

    /** Who uses whom; what is in no drawn package is said to be wrong, but for the root, which puts the others together. */
    private static Map<String, Set<String>> uses(Diagram diagram, Set<String> wrong) {
        var uses = new TreeMap<String, Set<String>>();
        for (JavaClass one : CLASSES) {
            if (!one.getPackageName().startsWith(diagram.root())) {
                continue;
            }
            Optional<String> user = diagram.nodeOf(one.getName());
            if (user.isEmpty()) {
                if (!one.getPackageName().equals(diagram.root())) {
                    wrong.add(diagram.root() + ": not drawn: " + one.getPackageName());
                }
                continue;
            }
            one.getDirectDependenciesFromSelf().forEach(use -> {
                String target = use.getTargetClass().getBaseComponentType().getName();
                diagram.nodeOf(target)
                        .or(() -> library(target))
                        .filter(used -> !used.equals(user.get()))
                        .ifPresent(used -> uses.computeIfAbsent(user.get(), _ -> new TreeSet<>())
                                .add(used));
                if (target.startsWith(diagram.root() + ".")
                        && use.getTargetClass()
                                .getBaseComponentType()
                                .getPackageName()
                                .equals(diagram.root())) {
                    wrong.add(one.getName() + " uses " + target + ", which only puts packages together");
                }
            });
        }
        return uses;
    }

    private static Optional<String> library(String className) {
        return LIBRARIES.entrySet().stream()
                .filter(one -> one.getValue().stream().anyMatch(className::startsWith))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Arrows that nothing in the code follows. */
    private static Set<String> unused(Diagram diagram, Map<String, Set<String>> found) {
        var unused = new TreeSet<String>();
        diagram.uses()
                .forEach((user, used) -> used.stream()
                        .filter(one -> !found.getOrDefault(user, Set.of()).contains(one))
                        .forEach(one -> unused.add(user + " --> " + one)));
        return unused;
    }

    /** Uses to which no arrows lead. Of libraries it counts only where some are drawn. */
    private static Set<String> undrawn(Diagram diagram, Map<String, Set<String>> found) {
        boolean drawsLibraries =
                diagram.uses().values().stream().anyMatch(used -> used.stream().anyMatch(LIBRARIES::containsKey));
        var undrawn = new TreeSet<String>();
        found.forEach((user, used) -> {
            Set<String> direct = diagram.uses().getOrDefault(user, Set.of());
            Set<String> reached = reached(diagram, user);
            used.stream()
                    .filter(one -> LIBRARIES.containsKey(one)
                            ? drawsLibraries && !direct.contains(one)
                            : !reached.contains(one))
                    .forEach(one -> undrawn.add(user + " --> " + one));
        });
        return undrawn;
    }

    @Test
    void noArrowLeadsBack() throws IOException {
        for (Diagram diagram : diagrams()) {
            diagram.uses()
                    .keySet()
                    .forEach(start -> assertThat(reached(diagram, start))
                            .as(diagram.root() + ": " + start + " reaches itself")
                            .doesNotContain(start));
        }
    }

    private static Set<String> reached(Diagram diagram, String start) {
        var reached = new TreeSet<String>();
        var next = new ArrayList<>(diagram.uses().getOrDefault(start, Set.of()));
        while (!next.isEmpty()) {
            String node = next.removeLast();
            if (reached.add(node)) {
                next.addAll(diagram.uses().getOrDefault(node, Set.of()));
            }
        }
        return reached;
    }

    /** The control: an arrow that is missing, and one too many, are found. */
    @Test
    void aDiagramThatLiesIsSaidTo() {
        var lie = Diagram.parse(
                "io.viewkeeper.refresher", "queue --> schedule & outbox\nschedule & state & view & register\n");
        Map<String, Set<String>> found = uses(lie, new TreeSet<>());
        assertThat(unused(lie, found)).containsExactly("queue --> outbox");
        assertThat(undrawn(lie, found)).contains("queue --> state", "register --> state");
    }
}
