namespace DeviceId.Reporting;

/// <summary>A value that can be displayed in a notebook.</summary>
public interface INotebookValue
{
    /// <summary>Self-contained HTML, without references to the network.</summary>
    string ToHtml();

    /// <summary>Text for a terminal.</summary>
    string ToString();
}
