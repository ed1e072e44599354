// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.register;

import static java.util.Objects.requireNonNull;

import io.viewkeeper.refresher.schedule.Method;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.refresher.state.CatalogState;
import io.viewkeeper.refresher.state.Registration;
import io.viewkeeper.refresher.state.StateRows;
import io.viewkeeper.refresher.state.ViewStateAnnouncer;
import io.viewkeeper.refresher.view.MaterializedView;
import io.viewkeeper.refresher.view.ViewCatalog;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code viewkeeper.view_state} in step with the catalog and the settings: new views become due at once, dropped
 * ones are marked, what cannot be refreshed carries its reason. Several replicas may do it at the same time.
 */
public final class ViewRegister {
    private static final Logger LOG = Logger.getLogger(ViewRegister.class);

    /** Rows per transaction: bounds how long others wait for the rows. */
    private static final int BATCH = 1_000;

    /** Told, in the transaction that registers it, of each view that is refused from now on, or for another reason. */
    @FunctionalInterface
    public interface RefusalListener {
        void refused(Session session, MaterializedView view, ViewPolicy policy, Method.Refuse refusal);
    }

    private final Database database;
    private final ViewCatalog catalog;
    private final Policies policies;
    private final RefusalListener listener;
    private volatile Census census = Census.NONE;
    private Set<String> emptyGroups = Set.of();
    private Set<String> strangers = Set.of();
    private volatile Circles circles = Circles.NONE;
    private Set<String> circlesSaid = Set.of();
    /** Views that could not be registered, said once. */
    private final Set<ViewName> odd = new HashSet<>();

    public ViewRegister(Database database, ViewCatalog catalog, Policies policies, RefusalListener listener) {
        this.database = database;
        this.catalog = catalog;
        this.policies = policies;
        this.listener = listener;
    }

    /** One round. What changed is logged and announced, once. */
    public void synchronise(Instant now) {
        Map<ViewName, RegisteredView> known = RegisteredView.all(database);
        census = Census.of(known.values());
        List<Wanted> wanted = wanted(known);
        logEmptyGroups(wanted);
        logStrangers(wanted);
        logCircles();
        List<Wanted> changed = wanted.stream()
                .filter(view -> {
                    RegisteredView row = known.get(view.view().name());
                    return row == null || row.differsFrom(view.registration(now));
                })
                .toList();
        for (int from = 0; from < changed.size(); from += BATCH) {
            registerAll(changed.subList(from, Math.min(changed.size(), from + BATCH)), known, now);
        }
        odd.retainAll(changed.stream().map(view -> view.view().name()).toList());
        StateRows.briefly(database, session -> drop(session, now));
    }

    /** One that cannot be registered keeps no other from it. */
    private void registerAll(List<Wanted> batch, Map<ViewName, RegisteredView> known, Instant now) {
        try {
            StateRows.briefly(database, session -> register(session, batch, known, now));
        } catch (DatabaseException failure) {
            if (failure.sqlState().retryable()) {
                throw failure;
            }
            if (batch.size() > 1) {
                int half = batch.size() / 2;
                registerAll(batch.subList(0, half), known, now);
                registerAll(batch.subList(half, batch.size()), known, now);
            } else if (odd.add(batch.getFirst().view().name())) {
                LOG.warnf(
                        "view=%s oid=%d state=unregistered reason=%s",
                        batch.getFirst().view().name(), batch.getFirst().view().oid(), failure.getMessage());
            }
        }
    }

    /** As the last round found it. */
    public Census census() {
        return census;
    }

    /** As the last round found them. */
    public Circles circles() {
        return circles;
    }

    /** Every materialized view, with what the settings want of it, by name. */
    private List<Wanted> wanted(Map<ViewName, RegisteredView> known) {
        Map<Long, List<Long>> reads = catalog.inputs();
        Map<String, Wanted.Standstill> standstills = standstills(known);
        List<Wanted> views = catalog.all().stream()
                .map(view -> wanted(view, reads.getOrDefault(view.oid(), List.of()), standstills))
                .toList();
        circles = Circles.of(views, reads);
        List<Wanted> wanted = new EmptyInputs(views, known).refusals();
        var obstacles = new HashMap<String, ViewName>();
        wanted.forEach(one -> {
            if (one.policy() != null && one.policy().consistent() && one.refusal() != null) {
                obstacles.putIfAbsent(one.policy().group(), one.view().name());
            }
        });
        return wanted.stream()
                .map(one -> one.allOrNone(obstacles))
                .sorted(Comparator.comparing(one -> one.view().name()))
                .toList();
    }

    private Wanted wanted(MaterializedView view, List<Long> reads, Map<String, Wanted.Standstill> standstills) {
        ViewPolicy policy = policies.of(view.name()).orElse(null);
        Wanted.Standstill standstill = policy != null && policy.consistent() ? standstills.get(policy.group()) : null;
        return new Wanted(
                view,
                policy,
                refusal(view, policy),
                reads.stream().filter(input -> input != view.oid()).toList(),
                standstill == null || standstill.member().equals(view.name()) ? null : standstill);
    }

    /** By group; of several suspended views the one that it waits for longest. */
    private static Map<String, Wanted.Standstill> standstills(Map<ViewName, RegisteredView> known) {
        var standstills = new HashMap<String, Wanted.Standstill>();
        known.forEach((name, state) -> {
            if (state.suspendedAt() != null && state.group() != null && state.refusal() == null) {
                standstills.merge(
                        state.group(),
                        new Wanted.Standstill(name, state.nextDueAt()),
                        (one, other) -> one.until() == null
                                        || (other.until() != null && one.until().isAfter(other.until()))
                                ? one
                                : other);
            }
        });
        return standstills;
    }

    /** Once, while it is there. */
    private void logCircles() {
        circles.reasons().stream()
                .filter(reason -> !circlesSaid.contains(reason))
                .forEach(LOG::warn);
        circlesSaid = circles.reasons();
    }

    /** Once, until a view comes and goes: probably a misspelled pattern. */
    private void logEmptyGroups(List<Wanted> wanted) {
        var empty = new TreeSet<>(policies.groups());
        wanted.forEach(view -> {
            if (view.policy() != null) {
                empty.remove(view.policy().group());
            }
        });
        empty.stream()
                .filter(group -> !emptyGroups.contains(group))
                .forEach(group -> LOG.warnf(
                        "group=%s state=empty reason=\"no materialized view of the database belongs to it\"", group));
        emptyGroups = empty;
    }

    /** Once, until it comes and goes: a view that has settings and does not exist. */
    private void logStrangers(List<Wanted> wanted) {
        var unknown = new TreeSet<>(policies.named());
        wanted.forEach(view -> unknown.remove(
                view.view().name().schema() + "." + view.view().name().name()));
        unknown.stream()
                .filter(name -> !strangers.contains(name))
                .forEach(name -> LOG.warnf(
                        "view=%s state=unknown reason=\"it has settings, and the database has no such materialized view\"",
                        name));
        strangers = unknown;
    }

    private static Method.@Nullable Refuse refusal(MaterializedView view, @Nullable ViewPolicy policy) {
        return policy != null && Method.of(view, policy.plainRefresh()) instanceof Method.Refuse refusal
                ? refusal
                : null;
    }

    private int register(Session session, List<Wanted> batch, Map<ViewName, RegisteredView> known, Instant now) {
        var byName = new HashMap<ViewName, Wanted>();
        batch.forEach(view -> byName.put(view.view().name(), view));
        List<Registration> registrations =
                batch.stream().map(view -> view.registration(now)).toList();
        Set<ViewName> written = Set.copyOf(CatalogState.register(session, registrations, now));
        for (Registration registration : registrations) {
            ViewName name = registration.view().name();
            RegisteredView before = known.get(name);
            if (written.contains(name) && (before == null || !before.saysTheSameAs(registration))) {
                log(registration);
                ViewPolicy policy = registration.policy();
                Method.Refuse refusal = requireNonNull(byName.get(name)).refusal();
                if (policy != null && refusal != null) {
                    listener.refused(session, registration.view(), policy, refusal);
                }
            }
        }
        ViewStateAnnouncer.announce(session, written);
        return written.size();
    }

    private static int drop(Session session, Instant now) {
        List<ViewName> dropped = CatalogState.drop(session, now);
        dropped.forEach(view -> LOG.infof("view=%s state=dropped", view));
        ViewStateAnnouncer.announce(session, dropped);
        return dropped.size();
    }

    private static void log(Registration registration) {
        ViewName view = registration.view().name();
        ViewPolicy policy = registration.policy();
        if (policy == null) {
            LOG.infof("view=%s state=unscheduled reason=no group's pattern matches it", view);
        } else if (registration.refusal() != null) {
            LOG.warnf("view=%s group=%s state=refused reason=%s", view, policy.group(), registration.refusal());
        } else {
            LOG.infof(
                    "view=%s group=%s state=scheduled schedule=\"%s\" priority=%d",
                    view, policy.group(), policy.timing().schedule(), policy.priority());
        }
    }
}
