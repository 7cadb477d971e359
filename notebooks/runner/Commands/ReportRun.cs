using System.Diagnostics;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Identification;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using DeviceId.Notebooks.Report;
using DeviceId.Notebooks.Terminal;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Commands;

/// <summary>Rebuilds all tables and the HTML report from stored results alone: no recordings, no training.</summary>
internal static class ReportRun
{
    /// <summary>Reads the results and writes the report.</summary>
    /// <exception cref="NotebookException">
    /// There is no such profile, or no result of it, or the report would replace the notebooks.
    /// </exception>
    public static int Start(ReportOptions options)
    {
        var clock = Stopwatch.StartNew();
        if (SamePath.IsSame(options.Output, Repository.NotebookFolder))
            throw new NotebookException($"--out: the notebooks in '{options.Output}' would be overwritten. Name another folder.");
        if (options.Export is not null)
            RequireExport(options.Export, options.Force);
        var profile = Named(options.Profile);
        var fileFacts = new FileFactsStore(
            Path.Combine(options.Results, FileFactsStore.Folder), Path.Combine(Repository.CommittedResults, FileFactsStore.Folder));
        var costs = new CostStore(
            Path.Combine(options.Results, CostStore.Folder), Path.Combine(Repository.CommittedResults, CostStore.Folder));
        var store = new TrialStore(options.Results, Repository.CommittedResults);
        var cell = new VariantCell(Repository.NotebookFolder, Path.Combine(Repository.Cache, "variants"));
        var trials = store.All();
        var experiments = new StoredExperiments(trials, profile, experiment => shared => cell.Evaluate(experiment, shared));
        var results = experiments.All();
        foreach (var damaged in store.Damaged)
            Console.WriteLine(damaged);
        if (results.Count == 0)
        {
            throw new NotebookException(
                $"There is no stored result of the profile '{profile.Name}' in {options.Results} or {Repository.CommittedResults}: "
                + $"run an experiment first (run --experiment all --profile {profile.Name}).");
        }

        Directory.CreateDirectory(options.Output);
        var written = results.Select(result => Write(result, Comparison(result, store, fileFacts, costs, options), options)).ToList();
        var report = Path.Combine(options.Output, "report.html");
        HtmlReport.Write(report, written);
        if (options.Export is { } export)
            Export(TrialTable.Create(trials, profile.Name, experiments.Planned), trials.Count, export);
        using var terminal = new TerminalProgress();
        new Summary(terminal).Print(
            $"{Digest.Count(written.Count, "experiment")} from stored results, size {profile.Name}", written, report, clock.Elapsed,
            options.Export is { } file ? $"open the report and {file}" : RunAnnouncement.OfferExport);
        if (options.Readme)
        {
            var studies = new EvidenceStore(
                Path.Combine(options.Results, EvidenceStore.Folder), Path.Combine(Repository.CommittedResults, EvidenceStore.Folder));
            Rewrite("README.md", ResultsSection.WriteSummary(results, fileFacts.Find));
            Rewrite("docs/results.md", ResultsSection.WriteAll(results, fileFacts.Find,
                corpus => studies.FindStudy(corpus, PhoneModelOptions.Sized(profile), profile.Folds)));
        }

        return ExitCode.Success;
    }

    private static void Rewrite(string page, string section)
    {
        var path = Path.Combine(Repository.Root, page);
        WholeFile.Write(path, ResultsSection.Replace(File.ReadAllText(path), section));
        Console.WriteLine($"results written into {path}");
    }

    private static void RequireExport(string path, bool force)
    {
        if (!Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase))
            throw new NotebookException($"--export: '{path}' must end in .csv.");
        new OutputFiles(force).Require("--export", path, OwnFile.IsTrialTable);
    }

    private static void Export(Reporting.ResultTable table, int trials, string path)
    {
        table.Save(path);
        var (all, rows) = (SentenceList.Count(trials, "trial"), SentenceList.Count(table.Cells.Count, "row"));
        Console.WriteLine($"written: {path} ({all}, {rows})");
    }

    private static Profile Named(string name)
    {
        try
        {
            return Profile.Named(name);
        }
        catch (ArgumentException error)
        {
            throw new NotebookException(error.Message);
        }
    }

    private static PaperComparison Comparison(
        ExperimentResult result, TrialStore store, FileFactsStore fileFacts, CostStore costs, ReportOptions options)
    {
        var corpus = result.Reference.Trials[0].Corpus;
        return new PaperComparison(
            result, store, options.Profile, fileFacts.Find(corpus), costs.Find(result.Experiment.Id, options.Profile, corpus));
    }

    private static NotebookResult Write(ExperimentResult result, PaperComparison comparison, ReportOptions options)
    {
        var clock = Stopwatch.StartNew();
        var cells = new List<Cell> { new(Cell.Markdown, $"# {result.Experiment.Title}\n\n{result.Experiment.Question}") };
        void Show(string code, INotebookValue? value)
        {
            if (value is null)
                return;
            var cell = new Cell(Cell.Code, code) { ExecutionCount = cells.Count };
            var mime = new Dictionary<string, string> { ["text/html"] = value.ToHtml(), ["text/plain"] = value.ToString()! };
            cell.Outputs.Add(new Output.Data(mime, IsResult: true));
            cells.Add(cell);
        }

        Show("comparison.Table()", comparison.Table());
        Show("comparison.Claims()", comparison.Claims());
        Show("comparison.Accuracies()", comparison.Accuracies());
        Show("comparison.LearningCurves()", comparison.LearningCurves());
        Show("comparison.Attention(experiment.Reference)", result.Experiment.Id == "05-attention"
            ? comparison.Attention(result.Experiment.Reference) : null);
        Show("comparison.Costs()", comparison.Costs());
        Show("comparison.Tradeoff()", result.Experiment.PaperTable == "Table 9" ? comparison.Tradeoff() : null);
        Show($"comparison.Confusion(\"{result.Reference.Variant.Name}\")", comparison.Confusion(result.Reference.Variant.Name));
        Show("comparison.Reliability(experiment.Reference)",
            result.Experiment.PaperTable == "Table 9" ? comparison.Reliability(result.Reference.Variant.Name) : null);
        Show("comparison.Findings()", comparison.Findings());
        var path = Path.Combine(options.Output, result.Experiment.Id + ".ipynb");
        new NotebookFile(cells).Write(path);
        return new NotebookResult(result.Experiment.Id, path, ExitCode.Success, clock.Elapsed, Environment.WorkingSet);
    }
}
