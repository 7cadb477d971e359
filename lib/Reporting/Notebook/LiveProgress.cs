using System.Diagnostics;
using System.Globalization;
using System.Net;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Training;

namespace DeviceId.Reporting;

/// <summary>Displays the progress of long work in place: as a bar in a notebook, otherwise on the console.</summary>
/// <remarks>
/// Redrawn at most four times a second (a training step is shorter than a notebook's redraw), and once a minute if the console is
/// redirected to a file. The HTML repeats the completed fraction and the text as data attributes, for the runner's bar in the terminal.
/// When the user presses the notebook's stop button, the next report throws an <see cref="OperationCanceledException"/>; variables of
/// earlier cells are not affected.
/// </remarks>
public sealed class LiveProgress : IProgress<WorkProgress>, IProgress<EpochReport>, IProgress<SweepProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.25);

    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
    private readonly Stopwatch _sinceLogged = new();
    private readonly Stopwatch _sinceDrawn = new();
    private Action<INotebookValue>? _update;
    private string _work = "";
    private SweepProgress? _sweep;

    /// <summary>Reports the progress of work of a known size.</summary>
    /// <exception cref="OperationCanceledException">The user stopped the cell.</exception>
    public void Report(WorkProgress value)
    {
        NotebookDisplay.Interruption().ThrowIfCancellationRequested();
        if (_sweep is not null)
        {
            DrawTrial(0, $"{value.Work} {value.Done} of {value.Total}");
            return;
        }

        if (value.Work != _work)
            Begin(value.Work);
        var remaining = value.Done > 0 ? _sinceStart.Elapsed * ((value.Total - value.Done) / (double)value.Done) : (TimeSpan?)null;
        Draw(value.Done, value.Total, value.Detail, remaining);
    }

    void IProgress<EpochReport>.Report(EpochReport value) => Report(value);

    void IProgress<SweepProgress>.Report(SweepProgress value) => Report(value);

    /// <summary>Reports the progress of a training, batch by batch.</summary>
    /// <exception cref="OperationCanceledException">The user stopped the cell.</exception>
    internal void Report(EpochReport value)
    {
        NotebookDisplay.Interruption().ThrowIfCancellationRequested();
        if (_sweep is not null)
        {
            DrawTrial((value.Epoch - 1 + value.Batch / (double)value.Batches) / value.Epochs, $"epoch {value.Epoch} of {value.Epochs}");
            return;
        }

        const string Work = "training";
        if (_work != Work)
            Begin(Work);
        var detail = string.Create(CultureInfo.InvariantCulture,
            $"epoch {value.Epoch} of {value.Epochs}, loss {value.Loss:0.000}, training accuracy {100 * value.Accuracy:0.0} %");
        Draw((value.Epoch - 1L) * value.Batches + value.Batch, (long)value.Epochs * value.Batches, detail, value.Remaining);
    }

    /// <summary>Reports the progress of a sweep, trial by trial; other reports in between belong to the running trial.</summary>
    internal void Report(SweepProgress value)
    {
        if (_sweep is null)
            Begin("trials");
        _sweep = value.Next is null ? null : value;
        if (_sweep is null)
            DrawText(1, $"trials: {value.Total} of {value.Total}, {value.Found} of them read from the store, took {Clock(value.Elapsed)}",
                isLast: true);
        else
            DrawTrial(0, "");
    }

    /// <summary>"1:05" or "2:03:04".</summary>
    internal static string Clock(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    private void Begin(string work)
    {
        (_work, _update) = (work, null);
        _sinceStart.Restart();
        _sinceLogged.Restart();
        _sinceDrawn.Reset();
    }

    private void DrawTrial(double fraction, string detail)
    {
        var (done, total) = (_sweep!.Done, _sweep.Total);
        var time = _sweep.Remaining is { } remaining ? $", {Clock(remaining)} left" : "";
        DrawText((done + fraction) / Math.Max(1, total),
            $"trials: {done} of {total}{time}: {_sweep.Next}{(detail.Length > 0 ? ", " + detail : "")}", isLast: false);
    }

    private void Draw(long done, long total, string? detail, TimeSpan? remaining)
    {
        var isLast = done >= total;
        var time = isLast ? $"took {Clock(_sinceStart.Elapsed)}" : remaining is { } left ? $"{Clock(left)} left" : "";
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{_work}: {done} of {total}{(detail is null ? "" : ", " + detail)}{(time.Length > 0 ? ", " + time : "")}");
        DrawText(done / (double)Math.Max(1, total), text, isLast);
    }

    private void DrawText(double fraction, string text, bool isLast)
    {
        if (_sinceDrawn.IsRunning && _sinceDrawn.Elapsed < Interval && !isLast)
            return;
        _sinceDrawn.Restart();
        var encoded = WebUtility.HtmlEncode(text);
        var attributes = FormattableString.Invariant($"data-deviceid-progress=\"{fraction:0.###}\" data-deviceid-status=\"{encoded}\"");
        var bar = FormattableString.Invariant($"<progress value=\"{fraction:0.####}\" max=\"1\" style=\"width:12em\"></progress>");
        Show(new HtmlFragment($"<div class=\"deviceid-progress\" {attributes}>{bar} <small>{encoded}</small></div>", text), isLast);
    }

    private void Show(HtmlFragment state, bool isLast)
    {
        if (_update is not null)
        {
            _update(state);
            return;
        }

        _update = NotebookDisplay.Show(state);
        if (_update is not null)
            return;
        if (Console.IsOutputRedirected && !isLast && _sinceLogged.Elapsed < LogInterval)
            return;
        _sinceLogged.Restart();
        Console.Write(Console.IsOutputRedirected
            ? state.Text + Environment.NewLine : $"\r{Shorten(state.Text)}\u001b[K{(isLast ? Environment.NewLine : "")}");
    }

    /// <summary>A line that the terminal breaks could not be replaced by the next one: it is cut at a space.</summary>
    private static string Shorten(string text)
    {
        var width = Console.WindowWidth;
        return width <= 1 || text.Length < width ? text
            : text[..Math.Max(text.LastIndexOf(' ', width - 2), 0)].TrimEnd(' ', ',', ':') + "…";
    }
}
