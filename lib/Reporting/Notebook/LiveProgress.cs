using System.Diagnostics;
using System.Globalization;
using System.Net;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Training;

namespace DeviceId.Reporting;

/// <summary>Shows the progress of long work in place: in a notebook as a bar, else on the console.</summary>
/// <remarks>
/// Drawn four times a second at most (a training step is shorter than a notebook's redraw), and once a minute where the console is a file.
/// The HTML carries the share done and the text once more as data attributes, for the runner's bar in the terminal. A reader who presses
/// the notebook's stop button ends the work at its next report, by an <see cref="OperationCanceledException"/>; variables of earlier cells
/// stay as they are.
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

    /// <summary>Reports work of a known size.</summary>
    /// <exception cref="OperationCanceledException">The reader stopped the cell.</exception>
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
        var left = value.Done > 0 ? _sinceStart.Elapsed * ((value.Total - value.Done) / (double)value.Done) : (TimeSpan?)null;
        Draw(value.Done, value.Total, value.Detail, left);
    }

    void IProgress<EpochReport>.Report(EpochReport value) => Report(value);

    void IProgress<SweepProgress>.Report(SweepProgress value) => Report(value);

    /// <summary>Reports a training run, batch by batch.</summary>
    /// <exception cref="OperationCanceledException">The reader stopped the cell.</exception>
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

    /// <summary>Reports a sweep, trial by trial; what is reported in between belongs to the trial that is running.</summary>
    internal void Report(SweepProgress value)
    {
        if (_sweep is null)
            Begin("trials");
        _sweep = value.Next is null ? null : value;
        if (_sweep is null)
            DrawText(1, $"trials: {value.Total} of {value.Total}, {value.Found} of them found in the store, took {Clock(value.Elapsed)}",
                last: true);
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

    private void DrawTrial(double share, string detail)
    {
        var (done, total) = (_sweep!.Done, _sweep.Total);
        var left = _sweep.Remaining is { } rest ? $", {Clock(rest)} left" : "";
        DrawText((done + share) / Math.Max(1, total),
            $"trials: {done} of {total}{left}: {_sweep.Next}{(detail.Length > 0 ? ", " + detail : "")}", last: false);
    }

    private void Draw(long done, long total, string? detail, TimeSpan? left)
    {
        var last = done >= total;
        var time = last ? $"took {Clock(_sinceStart.Elapsed)}" : left is { } rest ? $"{Clock(rest)} left" : "";
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{_work}: {done} of {total}{(detail is null ? "" : ", " + detail)}{(time.Length > 0 ? ", " + time : "")}");
        DrawText(done / (double)Math.Max(1, total), text, last);
    }

    private void DrawText(double share, string text, bool last)
    {
        if (_sinceDrawn.IsRunning && _sinceDrawn.Elapsed < Interval && !last)
            return;
        _sinceDrawn.Restart();
        var encoded = WebUtility.HtmlEncode(text);
        var html = string.Create(CultureInfo.InvariantCulture,
            $"<div class=\"deviceid-progress\" data-deviceid-progress=\"{share:0.###}\" data-deviceid-status=\"{encoded}\"><progress value=\"{share:0.####}\" max=\"1\" style=\"width:12em\"></progress> <small>{encoded}</small></div>");
        Show(new HtmlFragment(html, text), last);
    }

    private void Show(HtmlFragment state, bool last)
    {
        if (_update is not null)
        {
            _update(state);
            return;
        }

        _update = NotebookDisplay.Show(state);
        if (_update is not null)
            return;
        if (Console.IsOutputRedirected && !last && _sinceLogged.Elapsed < LogInterval)
            return;
        _sinceLogged.Restart();
        Console.Write(Console.IsOutputRedirected
            ? state.Text + Environment.NewLine : $"\r{state.Text}\u001b[K{(last ? Environment.NewLine : "")}");
    }
}
