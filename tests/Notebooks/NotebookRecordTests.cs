using System.Text;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks;

/// <summary>What the runner keeps of a notebook's process, and how it judges its end.</summary>
public sealed class NotebookRecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OutputsAreKeptInTheirOrderWhicheverPipeTheyComeThrough()
    {
        var record = Record(Code("1"), Code("2"));
        Begin(record, 1);
        Receive(record, new(EventKind.Text, 1, "shown\n", "stdout"));
        record.AddNative(0, "stdout", "native");
        Receive(record, new(EventKind.Shown, 1, Index: 1, Mime: Plain("first")));
        End(record, 1);

        // The stream is ahead of the events: this text belongs to the cell that has not started yet.
        record.AddNative(1, "stderr", "early");
        Begin(record, 2);
        Receive(record, new(EventKind.Replaced, 1, Index: 1, Mime: Plain("second")));
        End(record, 2);
        record.AddNative(2, "stdout", "late");
        record.EndNative();
        record.Save();

        var cells = NotebookFile.Read(record.Path).Cells;
        Assert.Equal(new Output.Stream("stdout", "shown\nnative"), cells[0].Outputs[0]);
        Assert.Equal("second", Assert.IsType<Output.Data>(cells[0].Outputs[1]).Mime["text/plain"]);
        Assert.Equal([new Output.Stream("stderr", "early"), new Output.Stream("stdout", "late")], cells[1].Outputs);
        Assert.Equal([1, 2], cells.Select(cell => cell.ExecutionCount!.Value));
    }

    [Fact]
    public void ASkippedCellKeepsItsOutputsAndARunOneLosesItsOldOnes()
    {
        var (run, skipped) = (Code("1"), Tagged("skip-execution", "2"));
        run.Outputs.Add(new Output.Stream("stdout", "old"));
        skipped.Outputs.Add(new Output.Stream("stdout", "kept"));
        var cells = NotebookFile.Read(Record(run, skipped).Path).Cells;
        Assert.Empty(cells[0].Outputs);
        Assert.Equal([new Output.Stream("stdout", "kept")], cells[1].Outputs);
    }

    [Theory]
    [InlineData(2, 2, 0, false, ExitCode.Success, "ok")]
    [InlineData(2, 2, 139, false, ExitCode.CellFailed, "crashed after its last cell")]
    [InlineData(2, 2, null, false, ExitCode.CellFailed, "did not end by itself")]
    [InlineData(1, null, 0, false, ExitCode.CellFailed, "ended early in cell 2 of 2")]
    [InlineData(2, null, 0, false, ExitCode.CellFailed, "ended early after cell 2 of 2")]
    [InlineData(2, 1, 0, false, ExitCode.CellFailed, "ended early")]
    [InlineData(1, 2, 0, false, ExitCode.CellFailed, "ended early")]
    [InlineData(1, null, 137, false, ExitCode.CellFailed, "killed (SIGKILL)")]
    [InlineData(1, null, 134, false, ExitCode.CellFailed, "crashed in cell 2 of 2")]
    [InlineData(0, null, 5, false, ExitCode.CellFailed, "crashed in cell 1 of 2: the notebook's process ended with exit code 5")]
    [InlineData(1, null, 137, true, ExitCode.Interrupted, "stopped in cell 2 of 2")]
    [InlineData(1, null, null, true, ExitCode.Interrupted, "stopped in cell 2 of 2")]
    public void OnlyAWholeReportIsASuccess(int finished, int? reported, int? exitCode, bool isStopped, int code, string said)
    {
        var record = Record(Code("1"), Code("2"));
        for (var cell = 1; cell <= 2 && cell <= finished + 1; cell++)
        {
            Begin(record, cell);
            if (cell <= finished)
                End(record, cell);
        }

        if (reported is { } count)
            Receive(record, new(EventKind.Finished, count));
        var outcome = NotebookOutcome.Conclude(record, exitCode, isStopped);
        Assert.Equal(code, outcome.Code);
        Assert.Contains(said, outcome.Status, StringComparison.Ordinal);
        Assert.Equal(finished < 2 || reported != 2, outcome.Error is not null); // a cell that has ended keeps its outputs as they are
    }

    [Fact]
    public void ACrashIsExplainedByWhatTheRuntimeWroteLast()
    {
        var record = Record(Code("1"));
        Begin(record, 1);
        record.AddNative(0, "stderr", "noise\nUnhandled exception. System.InvalidOperationException: boom\n   at F()\n");
        Assert.Equal("cell 1: the notebook's process crashed (SIGABRT): Unhandled exception. System.InvalidOperationException: boom",
            NotebookOutcome.Conclude(record, 134, isStopped: false).Error!.Message);
    }

    [Fact]
    public void AProcessThatNeverStartedItsCellsIsAFailureWithItsReason()
    {
        var record = Record(Code("1"));
        record.AddNative(0, "stderr", "Fatal error. no runtime\n");
        record.EndNative();
        var outcome = NotebookOutcome.Conclude(record, 150, isStopped: false);
        Assert.Equal(ExitCode.CellFailed, outcome.Code);
        Assert.Contains("before the first cell", outcome.Status, StringComparison.Ordinal);
        Assert.Contains("no runtime", outcome.Status, StringComparison.Ordinal);
    }

    [Fact]
    public void CellsThatWereNotRunAreNamedInTheStatus()
    {
        var record = Record(Tagged("skip-execution", "1"), InLanguage("fsharp", "2"));
        Receive(record, new(EventKind.Finished, 0));
        var outcome = NotebookOutcome.Conclude(record, 0, isStopped: false);
        Assert.Equal(ExitCode.NotRun, outcome.Code);
        Assert.Equal("not run in part: cell 2 (fsharp) (cell 1 not run: tagged skip-execution)", outcome.Status);
    }

    [Fact]
    public void EventsKeepEveryTextAndAnExactLine()
    {
        NotebookEvent[] events =
        [
            new(EventKind.Text, 3, "two\nlines \"quoted\" \u001e 😀", "stderr"),
            new(EventKind.Failed, 3, Error: new Output.Error("Kind", "message", ["message", "  at F()"])),
            new(EventKind.Finished),
        ];
        foreach (var sent in events)
        {
            var line = Encoding.UTF8.GetString(sent.ToLine());
            Assert.Equal(line.Length - 1, line.IndexOf('\n'));
            var got = NotebookEvent.FromLine(line);
            Assert.Equal(sent with { Error = null }, got with { Error = null });
            Assert.Equal(sent.Error?.Trace, got.Error?.Trace);
        }

        var shown = NotebookEvent.FromLine(Encoding.UTF8.GetString(
            new NotebookEvent(EventKind.Shown, 1, Index: 4, Mime: Plain("x"), IsResult: true).ToLine()));
        Assert.Equal(("x", 4, true), (shown.Mime!["text/plain"], shown.Index, shown.IsResult));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => NotebookEvent.FromLine("""{"Kind":2,"Te"""));
    }

    [Fact]
    public void ACharacterWrittenInTwoHalvesArrivesWhole()
    {
        using var pipe = new MemoryStream();
        var events = new CellEvents(new EventWriter(pipe, () => Assert.Fail("lost")), 1);
        foreach (var text in new[] { "a\uD83D", "\uDE00b", "\uD83D" })
            events.OnText("stdout", text);
        events.OnText("stderr", "c");
        var texts = Encoding.UTF8.GetString(pipe.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(NotebookEvent.FromLine).Select(e => e.Text);
        Assert.Equal(["a", "😀b", "c"], texts);
    }

    [Fact]
    public async Task NativeTextIsGivenToItsCellsHoweverItIsCut()
    {
        var marker = NativeOutput.Marker("key");
        byte[] bytes = [.. "no line end"u8, .. marker, .. marker, .. "\u001ekind of ü"u8, .. marker, .. "\u001e"u8];
        foreach (var size in new[] { 1, 2, 3, 7, bytes.Length })
        {
            var received = new SortedDictionary<int, string>();
            var output = new NativeOutput(new Chunks(bytes, size), marker,
                (index, text) => received[index] = received.GetValueOrDefault(index, "") + text);
            output.Start();
            foreach (var _ in Enumerable.Range(0, 5)) // two more than there are: the end of the stream ends the waiting
                output.WaitForMarker(Eventually.Timeout);
            await output.End.WaitAsync(Eventually.Timeout, TestContext.Current.CancellationToken);
            Assert.Equal(new Dictionary<int, string> { [0] = "no line end", [2] = "\u001ekind of ü", [3] = "\u001e" }, received);
        }
    }

    private NotebookRecord Record(params Cell[] cells) => new(new NotebookFile(cells), _folder.File("copy.ipynb"));

    private static void Receive(NotebookRecord record, NotebookEvent e) => record.Receive(e);

    private static void Begin(NotebookRecord record, int cell) => record.Receive(new(EventKind.CellStarted, cell));

    private static void End(NotebookRecord record, int cell) => record.Receive(new(EventKind.CellFinished, cell));

    private static Dictionary<string, string> Plain(string text) => new() { ["text/plain"] = text };

    /// <summary>A stream that gives few bytes at a time.</summary>
    private sealed class Chunks(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, size));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, size)]);
    }
}
