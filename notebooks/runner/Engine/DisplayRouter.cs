using System.Collections.Concurrent;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Passes what the kernels of a session show to the outputs of the running cell. Values are replaced by their identifier, also from a
/// later cell.
/// </summary>
internal sealed class DisplayRouter : IObserver<KernelEvent>
{
    private static readonly AsyncLocal<DisplayRouter?> Flow = new();

    // Where each value was shown first: the outputs of its cell, and its place among them.
    private readonly ConcurrentDictionary<string, (CellOutputs Outputs, int Index)> _shown = new(StringComparer.Ordinal);

    // Of the cell that is running, or that ran last.
    private CellOutputs? _outputs;

    /// <summary>The router of the session that this thread or task belongs to.</summary>
    public static DisplayRouter? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>Receives the errors that kernels report beside a command's result; with null they are console text of the cell.</summary>
    public List<string>? Errors { get; set; }

    /// <summary>From now on a cell with these outputs runs.</summary>
    public void Begin(CellOutputs outputs) => (_outputs, Errors) = (outputs, null);

    /// <summary>Shows a value in the cell of a context. A task may outlive its cell: then it shows in the cell that runs now.</summary>
    public static void Show(KernelInvocationContext context, DisplayedValue displayed)
    {
        var shown = new DisplayedValueProduced(displayed.Value, context.Command, displayed.FormattedValues, displayed.DisplayId);
        if (context.IsComplete)
            Current?.OnNext(shown);
        else
            context.Publish(shown);
    }

    /// <summary>
    /// Replaces a displayed value, without an event of the package: it keeps all events until the cell ends, and a progress display is
    /// updated four times a second for hours.
    /// </summary>
    /// <returns>Whether the value was shown by this session.</returns>
    public bool TryReplace(string id, IEnumerable<FormattedValue> formatted)
    {
        if (!_shown.TryGetValue(id, out var shown))
            return false;
        shown.Outputs.Replace(shown.Index, MimeBundle.Create(formatted));
        return true;
    }

    public void OnNext(KernelEvent value)
    {
        switch (value)
        {
            case ReturnValueProduced result:
                Add(result, isResult: true);
                break;
            case DisplayedValueProduced shown:
                Add(shown, isResult: false);
                break;
            case DisplayedValueUpdated update:
                Replace(update);
                break;
            case ErrorProduced error when Errors is { } errors:
                errors.Add(error.Message);
                break;
            case ErrorProduced error:
                _outputs?.Write("stderr", error.Message + "\n");
                break;
        }
    }

    public void OnError(Exception error)
    {
    }

    public void OnCompleted()
    {
    }

    private void Add(DisplayEvent value, bool isResult)
    {
        // An update can arrive before the display that it replaces: then it is what is shown.
        if (_outputs is not { } outputs || (value.ValueId is { } known && _shown.ContainsKey(known)))
            return;
        var index = outputs.Add(Bundle(value), isResult);
        if (value.ValueId is { } id)
            _shown[id] = (outputs, index);
    }

    private void Replace(DisplayedValueUpdated update)
    {
        if (_shown.TryGetValue(update.ValueId, out var shown))
            shown.Outputs.Replace(shown.Index, Bundle(update));
        else
            Add(update, isResult: false);
    }

    // The package formats a string for each type; alone it would be text/plain. With another type it is content of that type already.
    private static IReadOnlyDictionary<string, string> Bundle(DisplayEvent value)
    {
        var isContent = value.Value is string && value.FormattedValues.Any(f => f.MimeType != PlainTextFormatter.MimeType);
        try
        {
            return MimeBundle.Create(isContent ? value.FormattedValues.Select(f => new FormattedValue(f.MimeType, (string)value.Value))
                : value.FormattedValues);
        }
        catch (ArgumentException)
        {
            // A subscriber must not throw. What the package made of the text is always JSON: a string.
            return value.FormattedValues.ToDictionary(f => f.MimeType, f => f.Value);
        }
    }
}
