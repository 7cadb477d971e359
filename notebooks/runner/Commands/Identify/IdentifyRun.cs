using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;
using DeviceId.Identification;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Commands;

/// <summary>
/// Identifies recordings with a model: prints the answers, writes pages, JSON and CSV. One bad recording never costs the others.
/// </summary>
internal sealed class IdentifyRun
{
    private readonly IdentifyOptions _options;
    private readonly PhoneModel _model;
    private readonly string _fingerprint;
    private readonly PageFiles? _pages;
    private readonly IdentifyResults _results;

    private IdentifyRun(IdentifyOptions options, PhoneModel model, OutputFiles outputs)
    {
        (_options, _model, _fingerprint) = (options, model, ContentHash.HashFile(options.Model));
        _pages = options.Report is { } folder ? new PageFiles(folder, outputs, options.Force) : null;
        _results = new IdentifyResults(options, _fingerprint);
    }

    /// <summary>Checks the options and runs.</summary>
    /// <returns>
    /// 0; 1 if a recording could not be read, a folder holds none, or a result could not be written; 130 if the user stopped the run.
    /// </returns>
    /// <exception cref="NotebookException">The model or an option cannot be used.</exception>
    public static int Start(IdentifyOptions options)
    {
        try
        {
            if (!File.Exists(options.Model))
                throw new NotebookException($"There is no model '{options.Model}'. "
                    + "Make one with 'train --recordings DIR --model FILE', or name another with --model.");
            var files = QuestionedFiles.List(options.Files);
            var outputs = RequireOutputs(options, files);
            using var model = PhoneModel.Load(options.Model, ComputeDevice.Choose(options.Device));
            // The model's file in memory, 60 MB and more with copies: a long recording stays within its bound without it.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
            ComputeDevice.ReturnFreedMemory();
            if (options.Asked is { } asked && !model.Facts.Devices.Contains(asked))
                throw new NotebookException(
                    $"--asked: the model knows no device '{asked}'; it knows {string.Join(", ", model.Facts.Devices)}.");
            return new IdentifyRun(options, model, outputs).Run(files);
        }
        catch (Exception problem) when (problem is ModelFileException or CorpusException or ArgumentException)
        {
            throw new NotebookException(problem.Message);
        }
    }

    private static OutputFiles RequireOutputs(IdentifyOptions options, QuestionedFiles files)
    {
        var outputs = new OutputFiles(options.Force);
        outputs.AddInput("the model", options.Model);
        foreach (var file in files.Files.Where(file => !SpooledInput.IsStream(file)))
            outputs.AddInput("a questioned recording", file);
        if (options.Json is { } json)
            outputs.Require("--json", json, OwnFile.IsJson);
        if (options.Csv is { } csv)
            outputs.Require("--csv", csv, OwnFile.IsCsv);
        if (options.Report is { } folder)
            WritableFile.Require("--report", Path.Combine(folder, $"{Guid.NewGuid():N}.html"));
        return outputs;
    }

    private int Run(QuestionedFiles files)
    {
        using var stop = new StopSignal("stopping after this recording; stop again to end at once");
        // At once, and again at the end: a second signal costs no answer.
        using var early = stop.Token.Register(() => _results.Write(isComplete: false));
        foreach (var notice in files.Notices)
            Console.WriteLine(notice);
        foreach (var failure in files.Failures)
            _results.Add(failure);
        foreach (var file in files.Files)
        {
            if (stop.Token.IsCancellationRequested)
                _results.AddNotReached(file);
            else
                Identify(file, stop.Token);
        }

        _results.Write(isComplete: !stop.Token.IsCancellationRequested);
        _results.Summarise();
        return stop.Token.IsCancellationRequested ? ExitCode.Interrupted
            : _results.HasFailures ? ExitCode.CellFailed : ExitCode.Success;
    }

    private void Identify(string argument, CancellationToken stop)
    {
        var isStream = SpooledInput.IsStream(argument);
        var name = isStream ? SpooledInput.Name(argument) : Path.GetFullPath(argument);
        try
        {
            using var spooled = isStream ? SpooledInput.Read(argument, stop) : null;
            var answers = Channels(spooled?.Path ?? argument).Select(channel => Ask(spooled?.Path ?? argument, name, channel))
                .OfType<ChannelAnswer>().ToList();
            foreach (var answer in answers)
                Report(WithDifference(answer, answers));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _results.AddNotReached(name);
        }
        catch (Exception problem)
        {
            _results.Add(new IdentificationFailure(name, FailureReason.Describe(problem)));
        }
    }

    /// <summary>The channels to ask about: "2" and so on for each, or the one choice.</summary>
    private IEnumerable<string> Channels(string path) => _options.Channel != IdentifyCommand.EachChannel ? [_options.Channel]
        : Enumerable.Range(1, CountChannels(path)).Select(number => $"{number}");

    private static int CountChannels(string path)
    {
        using var reader = AudioFile.Open(path);
        return reader.Info.Channels;
    }

    /// <summary>Identifies one channel; null if it cannot be, which costs only itself.</summary>
    private ChannelAnswer? Ask(string path, string name, string channel)
    {
        var isOneOfEach = _options.Channel == IdentifyCommand.EachChannel;
        var label = isOneOfEach ? $"{name}, channel {channel}" : name;
        try
        {
            var questioned = QuestionedRecording.Identify(_model, path, ChannelChoice.Parse(channel)) with { Path = name };
            return new ChannelAnswer(label, channel, questioned);
        }
        catch (Exception problem)
        {
            _results.Add(new IdentificationFailure(label, FailureReason.Describe(problem)));
            return null;
        }
    }

    /// <summary>Adds a warning if another channel of the recording got another answer.</summary>
    private ChannelAnswer WithDifference(ChannelAnswer answer, IReadOnlyList<ChannelAnswer> answers)
    {
        string Named(ChannelAnswer channel) => channel.Questioned.Identification.Answer(_options.FalseAlarms) ?? "none of the devices";
        if (answers.Select(Named).Distinct().Count() < 2)
            return answer;
        var list = string.Join(", ", answers.Select(a => $"channel {a.Channel}: {Named(a)}"));
        var warning = $"The channels' answers differ ({list}): they may hold different sounds, or recordings of different devices.";
        return answer with { Questioned = answer.Questioned with { Warnings = [warning, .. answer.Questioned.Warnings] } };
    }

    private void Report(ChannelAnswer answer)
    {
        var questioned = answer.Questioned;
        var words = new IdentificationText(_model, questioned, _options.Asked, _options.FalseAlarms);
        Console.WriteLine($"{answer.Label}: {words.Answer}");
        foreach (var sentence in words.Sentences)
            Console.WriteLine($"  {sentence}");
        foreach (var warning in questioned.Warnings)
            Console.WriteLine($"  ! {warning}");
        if (questioned.Info is { } info)
            Console.WriteLine($"  read as: {AudioFileText.Describe(info)}");
        _results.Add(IdentificationRecord.From(
            _model, _fingerprint, questioned, _options.Asked, _options.FalseAlarms, answer.Channel));
        if (_pages is not null)
            WritePage(answer);
    }

    private void WritePage(ChannelAnswer answer)
    {
        try
        {
            var path = _pages!.Choose(Path.GetFileName(answer.Label), answer.Questioned);
            AtomicFile.WriteText(path, IdentificationPage.Write(
                _model, _fingerprint, answer.Questioned, _options.Asked, _options.FalseAlarms));
            Console.WriteLine($"  written: {path}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or NotebookException)
        {
            var reason = problem is NotebookException ? problem.Message : $"its page was not written: {FailureReason.Describe(problem)}";
            _results.AddUnwritten(new IdentificationFailure(answer.Label, reason));
        }
    }

    /// <summary>A recording, or one channel of it, with its answer.</summary>
    /// <param name="Label">Name of the recording, and the channel if each is asked about.</param>
    /// <param name="Channel">The choice of channel: "speech", "mean", or its number.</param>
    /// <param name="Questioned">The answer.</param>
    private sealed record ChannelAnswer(string Label, string Channel, QuestionedRecording Questioned);
}
