package io.clusterboot.supervisor.table;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryAction.Level;
import io.clusterboot.supervisor.settings.SupervisorSettings;
import org.jspecify.annotations.Nullable;

/**
 * The slots, the workers, the settings and the time that one event of the supervisor is
 * about, and the actions that it leads to.
 */
public final class Workers {

	// In characters
	private static final int LONGEST_LEARNED = 16 * 1024;

	// Which each request takes beside its own
	private static final int OBJECT = 64;

	private final Slots slots;

	private SupervisorSettings settings;

	// Among how many the machine will be shared
	private int share;

	private final Map<Integer, Worker> workers = new LinkedHashMap<>();

	private final Audience audience = new Audience(this);

	private List<PrimaryAction> actions = new ArrayList<>();

	private List<String> learned = List.of();

	private Instant now = Instant.EPOCH;

	private int lastId;

	private boolean listening;

	private boolean up;

	public Workers(SupervisorSettings settings, RandomGenerator random) {
		this.settings = settings;
		this.share = settings.workers();
		this.slots = new Slots(settings.workers(), random);
	}

	public void begin(Instant now) {
		this.now = now;
		this.actions = new ArrayList<>();
	}

	public List<PrimaryAction> actions() {
		return this.actions;
	}

	public Instant now() {
		return this.now;
	}

	public SupervisorSettings settings() {
		return this.settings;
	}

	public List<Slot> slots() {
		return this.slots.all();
	}

	public Slots slotTable() {
		return this.slots;
	}

	public Audience audience() {
		return this.audience;
	}

	public Collection<Worker> all() {
		return this.workers.values();
	}

	public @Nullable Worker get(int id) {
		return this.workers.get(id);
	}

	/**
	 * Return the id of the worker that was forked last.
	 * @return the id, 0 if none was
	 */
	public int lastId() {
		return this.lastId;
	}

	void add(Worker worker) {
		this.lastId = worker.id();
		this.workers.put(worker.id(), worker);
	}

	void remove(Worker worker) {
		this.workers.remove(worker.id());
	}

	/**
	 * Take it that users ask for something most. The last word of any worker counts: each
	 * has its share of the users, and began with what others had learned.
	 * @param requests what they ask for
	 */
	public void learned(List<String> requests) {
		if (requests.stream().mapToInt((request) -> request.length() + OBJECT).sum() <= LONGEST_LEARNED) {
			this.learned = requests;
		}
	}

	public List<String> learned() {
		return this.learned;
	}

	public boolean isListening() {
		return this.listening;
	}

	void listening() {
		this.listening = true;
	}

	/**
	 * Return whether a worker has ever been ready. Until then the application may not
	 * start at all.
	 * @return whether the first start is over
	 */
	public boolean isUp() {
		return this.up;
	}

	void up() {
		this.up = true;
	}

	/**
	 * Return whether a worker that neither has a slot nor will get one is still there.
	 * @return whether somebody has yet to exit
	 */
	public boolean hasLeavers() {
		return this.workers.values()
			.stream()
			.anyMatch((worker) -> worker.slot().current() != worker && worker.slot().next() != worker);
	}

	/**
	 * Return among how many workers the machine will be shared by those that are started
	 * from now on.
	 * @return the number of workers, spares included
	 */
	public int share() {
		return this.share + this.settings.spares();
	}

	/**
	 * Say among how many workers the machine will be shared by those that are forked from
	 * now on.
	 * @param workers the number of workers
	 */
	public void share(int workers) {
		this.share = workers;
	}

	/**
	 * Act by other settings from now on.
	 * @param changed the settings
	 */
	public void configure(SupervisorSettings changed) {
		int backlog = this.settings.backlog();
		this.settings = changed;
		if (this.settings.backlog() != backlog) {
			act(new PrimaryAction.Listen(this.settings.backlog()));
		}
	}

	public void act(PrimaryAction action) {
		this.actions.add(action);
	}

	public void info(String format, Object... args) {
		act(new PrimaryAction.Log(Level.INFO, format.formatted(args)));
	}

	public void warn(String format, Object... args) {
		act(new PrimaryAction.Log(Level.WARN, format.formatted(args)));
	}

	public void error(String format, Object... args) {
		act(new PrimaryAction.Log(Level.ERROR, format.formatted(args)));
	}

	public static String seconds(Duration duration) {
		long millis = duration.toMillis();
		return (millis % 1000 == 0) ? millis / 1000 + " s" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
	}

}
