using DeviceId.Audio;
using DeviceId.Clustering;
using DeviceId.Corpora;
using DeviceId.Foundation;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using DeviceId.Reporting;
using static TorchSharp.torch;

namespace DeviceId.Notebooks.Commands;

/// <summary>Clusters the recordings of a folder, prints the sessions, writes JSON and CSV. One bad file never costs the others.</summary>
internal sealed class ClusterRun
{
    private const int ShownDoubtful = 10;

    private readonly ClusterOptions _options;
    private readonly Corpus _corpus;
    private readonly Device _device;
    private readonly LiveProgress _progress;

    private ClusterRun(ClusterOptions options, Corpus corpus, Device device, LiveProgress progress) =>
        (_options, _corpus, _device, _progress) = (options, corpus, device, progress);

    /// <summary>Checks the options and runs.</summary>
    /// <returns>0; 1 if a file could not be read or a result not be written; 130 if the user stopped the run.</returns>
    /// <exception cref="NotebookException">The folder or an option cannot be used.</exception>
    public static int Start(ClusterOptions options)
    {
        try
        {
            var outputs = RequireOutputs(options);
            var device = ComputeDevice.Choose(options.Device);
            var progress = new LiveProgress();
            var corpus = UnlabelledFolder.Open(options.Folder, progress);
            RequireNoRecording(options, corpus, outputs);
            return new ClusterRun(options, corpus, device, progress).Run();
        }
        catch (Exception problem) when (problem is ArgumentException or CorpusException or AudioException or OptionsException)
        {
            throw new NotebookException(problem.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static OutputFiles RequireOutputs(ClusterOptions options)
    {
        var outputs = new OutputFiles(options.Force);
        if (options.Json is { } json)
            outputs.Require("--json", json, OwnFile.IsClusterJson);
        if (options.Csv is { } csv)
            outputs.Require("--csv", csv, OwnFile.IsClusterCsv);
        return outputs;
    }

    private static void RequireNoRecording(ClusterOptions options, Corpus corpus, OutputFiles outputs)
    {
        foreach (var path in corpus.Recordings.Select(r => r.Path).Concat(corpus.Skipped.Select(s => s.Path)))
            if (File.Exists(path) && outputs.IsTaken(path))
                throw new NotebookException($"'{path}' is a recording of '{options.Folder}', and would be overwritten. Name another file.");
    }

    private int Run()
    {
        foreach (var notice in _corpus.FullNotices)
            Console.Error.WriteLine(notice);
        using var stop = new StopSignal("stopping");
        var clusters = Find(_corpus.Recordings, Kind(_options.By), stop.Token);
        IReadOnlyList<SkippedRecording> skipped = [.. _corpus.Skipped, .. clusters.Skipped];
        foreach (var (path, reason) in clusters.Skipped.Select(s => (s.Path, s.Reason)))
            Console.Error.WriteLine($"{path}: {reason}.");
        Print(clusters);
        var agreement = _options.Labels is null ? null : Compare(clusters, stop.Token);
        var isWritten = Write(ClusterDocument.Create(_options.Folder, clusters, skipped, agreement));
        return isWritten && skipped.Count == 0 ? ExitCode.Success : ExitCode.CellFailed;
    }

    private RecordingClusters Find(IReadOnlyList<Recording> recordings, RecordingVectorKind kind, CancellationToken stop) =>
        RecordingClusters.Find(
            recordings, new ClusteringOptions { Vectors = kind, Clusters = _options.Sessions },
            Path.Combine(Repository.Cache, "features"), _device, _progress, stop);

    private void Print(RecordingClusters clusters)
    {
        var text = new ClusterText(clusters, _options.Folder);
        Console.WriteLine();
        Console.WriteLine(text.Answer);
        foreach (var sentence in text.Certainty().Append(ClusterText.Meaning))
            Console.WriteLine($"  {sentence}");
        foreach (var reservation in clusters.Reservations.Concat(text.Copies()))
            Console.WriteLine($"  ! {reservation}");
        var doubtful = text.Doubtful().ToList();
        foreach (var sentence in doubtful.Take(ShownDoubtful))
            Console.WriteLine($"  ! {sentence}");
        if (doubtful.Count > ShownDoubtful)
            Console.WriteLine($"  ! {doubtful.Count - ShownDoubtful} more recordings are nearer to another session.");
        Console.WriteLine();
        foreach (var line in text.Sessions())
            Console.WriteLine(line);
    }

    /// <summary>Compares the sessions, random ones and those by file facts with the labels, and prints the table.</summary>
    /// <returns>Null if all recordings have the same label.</returns>
    private List<ClusterAgreementRow>? Compare(RecordingClusters clusters, CancellationToken stop)
    {
        var labels = clusters.Recordings.Select(Label).ToList();
        Console.WriteLine();
        if (labels.Distinct().Count() == 1)
        {
            Console.WriteLine($"--labels {_options.Labels}: all recordings have the same label, so there is nothing to compare.");
            return null;
        }

        var facts = Find(clusters.Recordings, RecordingVectorKind.FileFacts, stop);
        List<ClusterAgreementRow> rows =
        [
            new("these sessions", clusters.Agreement(labels)), new("random", clusters.RandomAgreement(labels)),
            new("file facts", facts.Agreement(labels)),
        ];
        PrintedTable.Print(ClusterText.Agreement(rows, _options.Labels == "names" ? "file names" : "folders"));
        return rows;
    }

    private string Label(Recording recording)
    {
        var relative = Path.GetRelativePath(_options.Folder, recording.Path);
        if (_options.Labels == "folders")
            return relative.Split(Path.DirectorySeparatorChar) is [var folder, _, ..] ? folder : "";
        var name = Path.GetFileNameWithoutExtension(relative);
        return name.LastIndexOf('_') is > 0 and var end ? name[..end] : name;
    }

    private bool Write(ClusterDocument document)
    {
        var isWritten = true;
        foreach (var (path, text) in new[] { (_options.Json, document.ToJson()), (_options.Csv, document.ToCsv()) })
        {
            if (path is null)
                continue;
            try
            {
                AtomicFile.WriteText(path, text);
                Console.WriteLine($"written: {path}");
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"{path}: not written: {FailureReason.Describe(problem)}");
                isWritten = false;
            }
        }

        return isWritten;
    }

    private static RecordingVectorKind Kind(string by) => by switch
    {
        "supervector" => RecordingVectorKind.Supervector,
        "deep" => RecordingVectorKind.DeepSupervector,
        "facts" => RecordingVectorKind.FileFacts,
        _ => RecordingVectorKind.Spectrum,
    };
}
